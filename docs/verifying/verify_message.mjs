#!/usr/bin/env node
// Verifies whole messages that Gatehouse signs (RFC 9421, RFC 9530): see ../verifying.md. Needs verify.mjs beside it.
//   node verify_message.mjs --jwks URL [--service NAME] [--hmac KEYID=BASE64] [--require @method,@path] < message.json
import { createHash, createHmac, timingSafeEqual, verify } from 'node:crypto';
import { Keys, MAX_LENGTH, SKEW, command, refuseUnless } from './verify.mjs';

const MAX_AGE = 60; // seconds

/** What of a request of node:http can be signed. */
export function messageOf(request, scheme = 'http') {
  const [, path, query] = /^([^?]*)(.*)$/.exec(request.url);
  const { method, headers: { host: authority }, headersDistinct: headers } = request;
  return { method, scheme, authority, path, query, headers };
}

// Structured fields (RFC 9651), in the one way in which everybody writes them.
const NAME = '[a-z*][a-z0-9_.*-]*', TEXT = '"[ !#-\\[\\]-~]*"', BYTES = ':[A-Za-z0-9+/]*={0,2}:';
const PARAMETERS = `(?:;${NAME}(?:=(?:-?\\d{1,15}|${TEXT}|${BYTES}|\\?[01]|[A-Za-z*][\\w!#$%&'*+.^\`|~:/-]*))?)*`;
const LIST = `(?:${TEXT}${PARAMETERS}(?: ${TEXT}${PARAMETERS})*)?`;

function members(field, lines = [], value) {
  const text = [lines].flat().join(', ');
  refuseUnless(text && text.length <= MAX_LENGTH, `no ${field}, or too long a one`);
  const found = new Map(), member = new RegExp(`(${NAME})=(${value})(?:[ \\t]*,[ \\t]*(?!$)|$)`, 'y');
  while (member.lastIndex < text.length) {
    const match = member.exec(text);
    refuseUnless(match && !found.has(match[1]), `${field} is malformed, or has a name twice`);
    found.set(match[1], match[2]);
  }
  return found;
}

/**
 * Verifies a signed message (RFC 9421); what it gives back says what is covered. With a body, Content-Digest
 * (RFC 9530) must be covered and fit. `secrets` are the shared secrets by keyid, as buffers. With the name of your
 * service, one that was made for another is refused.
 */
export async function verifyMessage(message, { keys, secrets = {}, required, body, service, label = 'gatehouse' }) {
  const now = Date.now() / 1000;
  const input = members('Signature-Input', message.headers['signature-input'], `\\(${LIST}\\)${PARAMETERS}`).get(label);
  const signature = bytes(members('Signature', message.headers.signature, BYTES).get(label));
  refuseUnless(input && signature, `nothing is signed under the label ${label}`);
  const [, list, parameters] = new RegExp(`^\\((${LIST})\\)(${PARAMETERS})$`).exec(input);
  const components = list ? list.split(' ') : [], said = {};
  const known = /;(created|expires|keyid|alg|nonce|tag)=(?:"([^"]*)"|(-?\d+))/g;
  const rest = parameters.replace(known, (_, name, text, number) => {
    refuseUnless(!(name in said), 'a parameter twice');
    said[name] = text ?? Number(number);
    return '';
  });
  const complete = typeof said.keyid === 'string' && Number.isInteger(said.created);
  refuseUnless(rest === '' && complete, 'other parameters than expected');
  refuseUnless(new Set(components).size === components.length, 'a component twice');
  for (const name of body === undefined ? required : [...required, 'content-digest']) {
    refuseUnless(components.includes(`"${name}"`), `${name} is not covered`);
  }
  refuseUnless(said.created <= now + SKEW, 'created in the future');
  refuseUnless(said.created >= now - MAX_AGE - SKEW && !(said.expires < now - SKEW), 'too old, or expired');
  refuseUnless(said.expires === undefined || Number.isInteger(said.expires), 'expires is no number');
  refuseUnless(service === undefined || said.tag === service, 'for another service');
  const lines = components.map((component) => `${component}: ${valueOf(component, message)}\n`);
  const base = Buffer.from(`${lines.join('')}"@signature-params": ${input}`);
  const secret = Object.hasOwn(secrets, said.keyid) ? secrets[said.keyid] : undefined;
  const alg = secret ? 'hmac-sha256' : 'ed25519'; // as the key demands, whatever the message says
  refuseUnless((said.alg ?? alg) === alg, 'another alg');
  refuseUnless(secret ? same(createHmac('sha256', secret).update(base).digest(), signature)
    : verifiesEd25519(await keys.get(said.keyid), base, signature), 'the signature does not verify');
  if (body !== undefined) {
    const digest = members('Content-Digest', message.headers['content-digest'], BYTES).get('sha-256');
    refuseUnless(digest && same(createHash('sha256').update(body).digest(), bytes(digest)), 'the body is another one');
  }
  return { components: components.map((component) => component.slice(1, -1)), parameters: said };
}

const bytes = (item) => item && Buffer.from(item.slice(1, -1), 'base64');
const same = (a, b) => a.length === b.length && timingSafeEqual(a, b);
const verifiesEd25519 = (key, base, signature) => key.asymmetricKeyType === 'ed25519' && verify(null, base, key, signature);

function valueOf(component, { method, scheme = 'http', authority = '', path, query = '', headers }) {
  const host = authority.toLowerCase().replace(scheme === 'https' ? /:443$/ : /:80$/, '');
  const derived = {
    '@method': method,
    '@authority': host,
    '@path': path || '/',
    '@query': query || '?',
    '@target-uri': `${scheme}://${host}${path || '/'}${query}`,
  };
  const name = /^"(@?[a-z0-9!#$%&'*+.^_`|~-]+)"$/.exec(component)?.[1];
  const from = name?.startsWith('@') ? derived : headers;
  refuseUnless(name && Object.hasOwn(from, name), `${component} is absent, or not understood`);
  const trimmed = [from[name]].flat().map((v) => v.replace(/^[ \t]+|[ \t]+$/g, ''));
  const value = trimmed.join(', ');
  const printable = from === derived ? /^[!-~]+$/ : /^[\t -~]*$/;
  refuseUnless(trimmed.length && printable.test(value), `${component} is not printable ASCII`);
  return value;
}

await command(
  import.meta.url,
  {
    jwks: { type: 'string' },
    service: { type: 'string' },
    hmac: { type: 'string' },
    require: { type: 'string', default: '@method,@authority,@path,@query' },
  },
  (given, text) => {
    const { body, ...message } = JSON.parse(text);
    const [keyid, secret] = given.hmac?.split(/=(.*)/) ?? [];
    const secrets = keyid ? { [keyid]: Buffer.from(secret, 'base64') } : {};
    const { service, require } = given;
    return verifyMessage(message, { keys: new Keys(given.jwks), secrets, required: require.split(','), body, service });
  },
);
