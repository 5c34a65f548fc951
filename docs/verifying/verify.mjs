#!/usr/bin/env node
// Verifies the contexts that Gatehouse signs, with nothing but Node 20 or newer: see ../verifying.md.
//   node verify.mjs --service app --jwks http://control-plane:9000/.well-known/jwks.json < token
import { createPublicKey, verify } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

export const SKEW = 5; // seconds
export const MAX_LENGTH = 8192;
const MAX_JWKS_LENGTH = 65536;
const FETCH_TIMEOUT_MS = 2000, KEYS_LIVE = 300, REFETCH = 30, FIRST_RETRY = 1, OUTAGE = 86400;

/** Not to be believed: answer 401. */
export class Refused extends Error {}
/** Nobody knows, since the keys cannot be fetched: answer 503. */
export class KeysUnavailable extends Error {}

export function refuseUnless(condition, why) {
  if (!condition) throw new Refused(why);
}

/** The gateway's public keys by kid. Make one per process. */
export class Keys {
  #keys = new Map();
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #fetching = null;

  constructor(url, now = () => Date.now() / 1000) {
    Object.assign(this, { url, now });
  }

  async get(kid) {
    const pause = this.#keys.size ? REFETCH : FIRST_RETRY;
    const wanted = !this.#keys.has(kid) || this.now() - this.#fetchedAt > KEYS_LIVE;
    if (wanted && (this.#fetching || this.now() - this.#triedAt >= pause)) {
      this.#fetching ??= this.#fetch().finally(() => { this.#fetching = null; });
      await this.#fetching;
    }
    if (this.now() - this.#fetchedAt > OUTAGE) this.#keys.clear();
    const key = this.#keys.get(kid);
    if (!key && this.#fetchedAt < this.#triedAt) throw new KeysUnavailable('the keys cannot be fetched');
    refuseUnless(key, 'the key is unknown');
    return key;
  }

  async #fetch() {
    this.#triedAt = this.now();
    try {
      const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
      const response = await fetch(this.url, { signal, redirect: 'error' });
      const text = await response.text();
      if (!response.ok || text.length > MAX_JWKS_LENGTH) throw new Error('no key set');
      const usable = JSON.parse(text).keys.filter((k) => k.kid && ['P-256', 'Ed25519'].includes(k.crv));
      this.#keys = new Map(usable.map((k) => [k.kid, createPublicKey({ key: k, format: 'jwk' })]));
      this.#fetchedAt = this.#triedAt;
    } catch { /* The last ones are kept. */ }
  }
}

/** The claims of a context (header X-Tenant-Context) that was signed for this service. */
export async function verifyContext(token, service, keys, now = Date.now() / 1000) {
  refuseUnless(typeof token === 'string' && token.length <= MAX_LENGTH, 'no token, or too long a one');
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/.exec(token);
  refuseUnless(parts, 'not a signed token');
  const header = json(parts[1]);
  refuseUnless(header.alg === 'ES256' && header.typ === 'gatehouse-context+jwt', 'another alg or typ');
  refuseUnless(typeof header.kid === 'string' && !('crit' in header), 'no kid, or crit');
  const key = await keys.get(header.kid);
  const signed = Buffer.from(`${parts[1]}.${parts[2]}`);
  const signature = Buffer.from(parts[3], 'base64url');
  refuseUnless(key.asymmetricKeyType === 'ec'
    && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature), 'the signature does not verify');
  const claims = json(parts[2]);
  refuseUnless(claims.iss === 'gatehouse' && [claims.aud].flat().includes(service), 'another iss or aud');
  refuseUnless(['sub', 'tid', 'tenant'].every((c) => typeof claims[c] === 'string'), 'a claim is missing');
  refuseUnless(Number.isInteger(claims.exp) && claims.exp > now - SKEW, 'expired');
  refuseUnless(Number.isInteger(claims.iat) && claims.iat <= now + SKEW, 'issued in the future');
  return claims;
}

function json(part) {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (value && typeof value === 'object') return value;
  } catch { /* refused below */ }
  throw new Refused('not JSON');
}

/** Runs as a command: the answer as JSON and 0, or why not and 1 (refused) or 2 (could not tell). */
export async function command(module, options, run) {
  if (module !== pathToFileURL(process.argv[1] ?? '').href) return;
  try {
    let text = '';
    for await (const chunk of process.stdin) text += chunk;
    console.log(JSON.stringify(await run(parseArgs({ options }).values, text)));
  } catch (e) {
    console.error(`${e.constructor.name}: ${e.message}`);
    process.exitCode = e instanceof Refused ? 1 : 2;
  }
}

await command(
  import.meta.url,
  { service: { type: 'string' }, jwks: { type: 'string' } },
  ({ service, jwks }, text) => verifyContext(text.trim(), service, new Keys(jwks)),
);
