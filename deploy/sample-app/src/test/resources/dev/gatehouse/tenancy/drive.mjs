import { readFileSync } from 'node:fs';
import { TenantDatabase } from './tenant_database.mjs';

const { url, token, requests } = JSON.parse(readFileSync(0, 'utf8'));
const database = new TenantDatabase(url, token);
const seen = new Set();
const left = new Set();

async function visit({ name, claims, jws }) {
  const texts = await database.inTransaction(claims, jws, async (client) => {
    const { rows } = await client.query('SELECT text FROM note WHERE id < $1 ORDER BY 1', [10]);
    return rows.map((row) => row.text).join();
  });
  seen.add(`${name}: ${texts}`);
  await database.inTransaction(claims, jws, async (client) => {
    const { rows } = await client.query("SELECT coalesce(current_setting('x.left', true), '') AS value");
    left.add(rows[0].value);
    await client.query("SELECT set_config('x.left', $1, false)", [name]);
    await client.query('PREPARE left_behind AS SELECT 1');
  });
}

for (let i = 0; i < 20; i++) await Promise.all(requests.map(visit));

const [{ claims, jws }] = requests;
await database.inTransaction(claims, jws, (client) => client.query("INSERT INTO note (id, text) VALUES (10, 'new')"));
let passedOver = 'nothing';
await database
  .inTransaction(claims, jws, async (client) => {
    await client.query("INSERT INTO note (id, text) VALUES (11, 'not to be kept')");
    await client.query('SELECT 1 / 0').catch(() => {});
  })
  .catch((error) => { passedOver = error.message; });
await database
  .inTransaction(claims, jws, async (client) => {
    await client.query("INSERT INTO note (id, text) VALUES (12, 'not to be kept')");
    throw new Error('mine');
  })
  .catch(() => {});
const count = await database.inTransaction(claims, jws, async (client) => (await client.query('SELECT FROM note')).rowCount);
await database.close();
console.log([...seen].sort().join('\n'));
console.log(`left: [${[...left].join()}]`);
console.log(passedOver);
console.log(`notes: ${count}`);
