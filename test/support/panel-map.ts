import type { PanelMap } from "labor-llm/dist/surveys/panel-map";

/** The map of the panel that test/fixtures/make_parquet.py writes. */
export const fixtureMap: PanelMap = {
  name: "fixture",
  columns: {
    person: "person",
    year: "year",
    occupation: { column: "code", vintage: "occ1990dd" },
    state: { column: "status", words: { "not working": "Unemployed" } },
    gender: { column: "female", words: { true: "female", false: "male" } },
    birthYear: "birth_year",
    weight: "weight",
  },
};
