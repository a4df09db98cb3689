#!/usr/bin/env node
const { main } = require("../dist/cli/index.js");
const { watchStages } = require("../dist/stages.js");

watchStages();
main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
