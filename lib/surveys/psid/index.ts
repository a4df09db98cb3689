export { readPsid } from "./read-psid";
export { psidOptionsOfText } from "./rules-of-text";
export { isPsidDownload } from "./table";
