export * from "./attention";
export * from "./cross-entropy";
export * from "./linear";
export * from "./rms-norm";
export * from "./rotary";
export * from "./softmax";
export * from "./swiglu";
