import type { CareerPanel } from "labor-llm";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import type { DecoderConfig } from "labor-llm/dist/networks/decoder/decoder-config";
import type { LanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { renderCareer } from "labor-llm/dist/text/template";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { type TokenizerFiles, trainTokenizer } from "labor-llm/dist/text/train-tokenizer";

/** A tokenizer trained on the panel's texts. */
export function tinyTokenizer(panel: CareerPanel, vocabularySize = 400): TokenizerFiles {
  return trainTokenizer(
    panel.careers.map((career) => renderCareer(career)),
    vocabularySize,
  );
}

/** A random model whose tokenizer was trained on the panel's texts. Weights are wide, so that logits vary. */
export function tinyLanguageModel(
  panel: CareerPanel,
  vocabularySize = 400,
  config: Partial<DecoderConfig> = {},
): LanguageModel {
  const tokenizer = new Tokenizer(tinyTokenizer(panel, vocabularySize));
  const decoder = Decoder.initialise(
    {
      vocabularySize,
      width: 32,
      feedForward: 48,
      layers: 2,
      heads: 4,
      keyValueHeads: 2,
      headWidth: 8,
      ropeTheta: 10_000,
      normEpsilon: 1e-5,
      tiedHead: true,
      contextLength: 512,
      ...config,
    },
    1,
  );
  for (const variable of decoder.parameters.values()) if (variable.rank > 1) variable.assign(variable.mul(8));
  return { decoder, tokenizer };
}
