import { z } from "zod";
import { logitTerms } from "../models/logit/features";
import { fitMultinomialLogit } from "../models/multinomial-logit";
import { fitTwoStageRegression } from "../models/two-stage-regression";
import type { Method } from "./method";

const settings = z.strictObject({
  /** The penalty, or those to choose from by validation loss. */
  ridge: z.union([z.number().min(0), z.array(z.number().min(0)).nonempty()]).optional(),
  /** What the titles depend on. */
  terms: z.array(z.enum(logitTerms)).nonempty().optional(),
});
