export { bagOfJobs, career, lstm } from "./jobs";
export { fewPersonsTraining } from "./options";
export { checkShared } from "./transfer";
