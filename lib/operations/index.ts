export { NativeVariable } from "./adam-native";
export { affine, affineOfNormalised, type NormParameters } from "./affine";
export {
  type AttentionBlock,
  continueAttention,
  type KeyValues,
  type RaggedPlaces,
  selfAttention,
} from "./attention";
export { causalAttention, type SequenceBlock } from "./causal-attention";
export { type CompiledGraph, compileGraph, isCompiling } from "./compile";
export { headCrossEntropy } from "./cross-entropy";
export {
  addResidual,
  type DropoutSeed,
  type DropoutSeeds,
  dropout,
  dropoutMask,
  seedsFrom,
  seedsOf,
} from "./dropout";
export { geglu } from "./geglu";
export { scaledGelu } from "./gelu";
export { gradientsOf } from "./gradients";
export { disposeInt8, fromInt8, type Int8Matrix, linearInt8, rowsFromInt8, toInt8 } from "./int8";
export { layerNormalise } from "./layer-norm";
export { linear } from "./linear";
export { lowRankLinear } from "./lora";
export { lstmLayer } from "./lstm";
export { isNative, runNative } from "./native";
export { normaliseHeads } from "./normalise-heads";
export { product } from "./product";
export { residual } from "./residual";
export { rmsNormalise } from "./rms-norm";
export { type HeadLayout, pairChannels, pairColumns, type RotaryAngles, rotaryAngles } from "./rotary";
export { type RotaryScaling, rotaryFrequencies } from "./rotary-frequencies";
export { softmax } from "./softmax";
export { swiglu } from "./swiglu";
export { takeRows } from "./take-rows";
export {
  oneStageCrossEntropy,
  oneStageLogProbabilities,
  twoStageCrossEntropy,
  twoStageLogProbabilities,
} from "./two-stage";
