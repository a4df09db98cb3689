export { MARK_WORDING, type Mark, type PublishedNumber, published, quote } from "./published";
