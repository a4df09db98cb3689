export { likeliestVintage } from "./coverage";
export { type Crosswalk, crosswalk } from "./crosswalk";
export { type Vintage, vintages } from "./crosswalk-tables";
export { type DescribedOccupation, readDescribedOccupations } from "./descriptions";
export { groupOfTitle } from "./groups";
export { laborTitles, type Occupation, occupationByCode, occupations } from "./occupations";
export { isSpecialState, mergedState, specialStates, specialStateTitles } from "./special-states";
export { TitleSet } from "./title-set";
export { vintageOf } from "./vintage-of";
