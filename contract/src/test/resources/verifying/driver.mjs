// Takes a list of steps through the verifiers of docs/verifying, with a clock of its own for the keys.
import { pathToFileURL } from 'node:url';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const { folder, jwks, steps } = JSON.parse(text);
const { Keys, verifyContext } = await import(pathToFileURL(`${folder}/verify.mjs`));
const { verifyMessage } = await import(pathToFileURL(`${folder}/verify_message.mjs`));

let now = 0;
const keys = new Keys(jwks, () => now);
const verify = ({ token, service, message, body, required, secrets }) => {
  if (token !== undefined) return verifyContext(token, service, keys);
  const buffers = Object.fromEntries(Object.entries(secrets).map(([k, v]) => [k, Buffer.from(v, 'base64')]));
  return verifyMessage(message, { keys, secrets: buffers, required, body });
};

const answers = [];
for (const step of steps) {
  if (step.wait) now += step.wait;
  else if (step.visit) await fetch(step.visit);
  else answers.push(await verify(step).catch((e) => ({ [e.constructor.name]: e.message })));
}
console.log(JSON.stringify(answers));
