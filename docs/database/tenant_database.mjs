// From a verified context to a transaction of its tenant, with node-postgres (npm install pg). Copy what you need.
import pg from 'pg';

const FRESH_MILLIS = 5 * 60_000;
const MOST_POOLS = 64;
const CONNECTIONS_PER_POOL = 4;

export class TenantDatabase {
  #controlPlane;
  #token;
  #known = new Map(); // where a tenant's data are
  #pools = new Map(); // by server, database and role; the one used last is at the end

  /** token: of an operator with the role "application". */
  constructor(controlPlane, token) {
    this.#controlPlane = controlPlane;
    this.#token = token;
  }

  /**
   * claims: of the verified context, with the claim db; jws: as it came in X-Tenant-Context.
   * Commits when work(client) is done, and takes all back if it throws.
   */
  async inTransaction(claims, jws, work) {
    let client;
    try {
      client = await this.#connect(claims, jws);
    } catch (error) {
      if (!/^(28|3D000)/.test(error.code ?? '')) throw error;
      this.#known.delete(this.#place(claims)); // it was moved, or its password changed
      client = await this.#connect(claims, jws);
    }
    let unfit = false;
    try {
      await client.query('BEGIN');
      await client.query('SELECT tenancy.enter($1)', [claims.db.token]);
      const result = await work(client);
      const end = await client.query('COMMIT');
      if (end.command !== 'COMMIT') throw new Error('an error had aborted the transaction');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => { unfit = true; });
      throw error;
    } finally {
      // Whatever was left in the session (settings, cursors, statements) would meet the next tenant.
      if (!unfit) await client.query('DISCARD ALL').catch(() => { unfit = true; });
      client.release(unfit);
    }
  }

  #place({ tid, db }) {
    return db.strategy === 'shared' ? db.partition : `${db.partition} ${db.strategy} ${tid}`;
  }

  async #connect(claims, jws) {
    const where = await this.#where(claims, jws);
    const key = `${where.user}@${where.host}:${where.port}/${where.database}`;
    let pool = this.#pools.get(key);
    if (!pool || pool.options.password !== where.password) {
      pool?.end();
      pool = new pg.Pool({
        host: where.host,
        port: where.port,
        database: where.database,
        user: where.user,
        password: where.password,
        ssl: { disable: false, require: { rejectUnauthorized: false }, 'verify-full': where.trust ? { ca: where.trust } : true }[where.tls ?? 'disable'],
        max: Math.min(CONNECTIONS_PER_POOL, where.connectionLimit ?? CONNECTIONS_PER_POOL),
        connectionTimeoutMillis: 2000,
        idleTimeoutMillis: 60_000,
      });
      pool.on('error', () => {}); // an idle connection that the server has ended
    }
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    for (const [name, old] of this.#pools) {
      if (this.#pools.size <= MOST_POOLS) break;
      if (old.totalCount > old.idleCount || old.waitingCount > 0 || name === key) continue;
      this.#pools.delete(name);
      old.end();
    }
    return pool.connect();
  }

  async #where(claims, jws) {
    const place = this.#place(claims);
    const known = this.#known.get(place);
    if (known && Date.now() - known.at < FRESH_MILLIS) return known.where;
    try {
      const answer = await fetch(`${this.#controlPlane}/v1/tenants/${claims.tid}/connection`, {
        headers: { Authorization: `Bearer ${this.#token}`, 'X-Tenant-Context': jws },
        signal: AbortSignal.timeout(3000),
      });
      if (!answer.ok) throw new Error(`the control plane answers ${answer.status}`);
      const where = await answer.json();
      this.#known.set(place, { where, at: Date.now() });
      if (this.#known.size > 20_000) this.#known.delete(this.#known.keys().next().value);
      return where;
    } catch (error) {
      if (known) return known.where; // the control plane is away
      throw error;
    }
  }

  async close() {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }
}
