import { type Profile, readTuned } from "../profile";

/** A fit of a search, as a row of a table. */
export type SearchRow = {
  survey: string;
  method: string;
  /** Of the first fit "start", else the dimension that it differs in from the best so far. */
  tried: string;
  /** As `--set` takes them. */
  settings: string;
  "validation loss, nats": number;
  "best epoch": number;
  epochs: number;
  chosen: "chosen" | "";
};

/** The searches of a profile: every fit, in the order in which it was tried. */
export function searchRows({ name }: Pick<Profile, "name">): SearchRow[] {
  return readTuned(name).searches.flatMap(({ survey, method, fits, chosen }) =>
    fits.map(({ dimension, settings, validationLoss, bestEpoch, epochs }) => ({
      survey,
      method,
      tried: dimension,
      settings: settingTexts(settings).join(" "),
      "validation loss, nats": validationLoss,
      "best epoch": bestEpoch,
      epochs,
      chosen: JSON.stringify(settings) === JSON.stringify(chosen) ? "chosen" : "",
    })),
  );
}

function settingTexts(settings: object, under = ""): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    typeof value === "object" ? settingTexts(value, `${under}${name}.`) : [`${under}${name}=${value}`],
  );
}
