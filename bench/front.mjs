// What Google's csp_evaluator and Mozilla's HTTP Observatory say of a front: `node front.mjs <packages> <http port> <https port>`.
// The Observatory's own scan() knows no ports, so its retriever, tests and grader are called as scan() calls them.
import { writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, httpPort, httpsPort] = process.argv.slice(2);
const observatory = `${packages}/node_modules/@mdn/mdn-http-observatory`;
// Downloaded by the package's install script; we are in no list shipped with browsers.
mkdirSync(`${observatory}/conf`, { recursive: true });
writeFileSync(`${observatory}/conf/hsts-preload.json`, "{}");
const load = (path) => import(pathToFileURL(`${observatory}/src/${path}`));
const { retrieve } = await load("retriever/retriever.js");
const { ALL_TESTS } = await load("constants.js");
const { getGradeForScore, getScoreModifier } = await load("grader/grader.js");

const found = await retrieve("localhost", { httpPort: Number(httpPort), httpsPort: Number(httpsPort), path: "/sign-in" });
const results = ALL_TESTS.map((test) => test(found));
let bonus = 100;
let base = 100;
for (const result of results) {
  const modifier = result.result ? getScoreModifier(result.result) : 0;
  bonus += modifier;
  if (modifier < 0) base += modifier;
}
const { grade, score } = getGradeForScore(base >= 90 ? bonus : base);

const require = createRequire(`${packages}/`);
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { Severity } = require("csp_evaluator/dist/finding.js");
const policy = found.responses.auto.headers["content-security-policy"];
const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();

console.log(JSON.stringify({
  grade, score,
  rules: results.map(({ result, pass }) => ({ result, pass })),
  csp: findings.map((one) => ({ severity: Severity[one.severity] ?? String(one.severity), directive: one.directive, value: one.value, text: one.description })),
}));
