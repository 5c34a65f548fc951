"""From a verified context to a transaction of its tenant, with psycopg 3 (pip install psycopg).

Copy what you need.
"""

import contextlib
import json
import queue
import tempfile
import threading
import time
import urllib.request
from collections import OrderedDict

import psycopg

FRESH_SECONDS = 300
MOST_POOLS = 64
CONNECTIONS_PER_POOL = 4


class TenantDatabase:
    def __init__(self, control_plane, token):
        """token: of an operator with the role "application"."""
        self._control_plane = control_plane
        self._token = token
        self._known = OrderedDict()  # where a tenant's data are
        self._pools = OrderedDict()  # by server, database and role; the one used last is at the end
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def transaction(self, claims, jws):
        """A connection in a transaction of the tenant; committed at the end of the block.

        claims: of the verified context, with the claim db; jws: as it came in X-Tenant-Context.
        """
        try:
            yield from self._in_pool(self._where(claims, jws), claims["db"]["token"])
        except LoginRefused:
            with self._lock:
                self._known.pop(_place(claims), None)  # it was moved, or its password changed
            yield from self._in_pool(self._where(claims, jws), claims["db"]["token"])

    def _in_pool(self, where, token):
        with self._pool(where) as pool, pool.connection() as connection:
            with connection.transaction():
                connection.execute("SELECT tenancy.enter(%s)", [token])
                yield connection
                if connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
                    raise RuntimeError("an error had aborted the transaction")

    @contextlib.contextmanager
    def _pool(self, where):
        key = (where["host"], where["port"], where["database"], where["user"], where["password"])
        with self._lock:
            entry = self._pools.get(key) or [Pool(where), 0]
            self._pools[key] = entry
            self._pools.move_to_end(key)
            entry[1] += 1
            unused = [k for k, (_, users) in self._pools.items() if users == 0]
            superfluous = [self._pools.pop(k)[0] for k in unused[: max(0, len(self._pools) - MOST_POOLS)]]
        for pool in superfluous:
            pool.close()
        try:
            yield entry[0]
        finally:
            with self._lock:
                entry[1] -= 1

    def _where(self, claims, jws):
        place = _place(claims)
        with self._lock:
            known = self._known.get(place)
        if known and time.monotonic() - known[1] < FRESH_SECONDS:
            return known[0]
        request = urllib.request.Request(
            f"{self._control_plane}/v1/tenants/{claims['tid']}/connection",
            headers={"Authorization": f"Bearer {self._token}", "X-Tenant-Context": jws},
        )
        try:
            with urllib.request.urlopen(request, timeout=3) as answer:
                where = json.load(answer)
        except OSError:
            if known:
                return known[0]  # the control plane is away
            raise
        with self._lock:
            self._known[place] = (where, time.monotonic())
            if len(self._known) > 20_000:
                self._known.popitem(last=False)
        return where

    def close(self):
        for pool, _ in self._pools.values():
            pool.close()


def _place(claims):
    db = claims["db"]
    return db["partition"], db["strategy"], None if db["strategy"] == "shared" else claims["tid"]


class LoginRefused(Exception):
    pass


class Pool:
    """The connections of one role at one database."""

    def __init__(self, where):
        self._where = where
        self._tls = {"sslmode": where.get("tls", "disable")}
        if "trust" in where:  # in a file, as libpq wants it
            self._trust = tempfile.NamedTemporaryFile("w", suffix=".pem")
            self._trust.write(where["trust"])
            self._trust.flush()
            self._tls["sslrootcert"] = self._trust.name
        self._idle = queue.LifoQueue()
        self._room = threading.Semaphore(min(CONNECTIONS_PER_POOL, where.get("connectionLimit", CONNECTIONS_PER_POOL)))

    @contextlib.contextmanager
    def connection(self):
        if not self._room.acquire(timeout=2):
            raise TimeoutError("no connection has become free in time")  # answer 503
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give(connection)
        finally:
            self._room.release()

    def _take(self):
        while not self._idle.empty():
            connection = self._idle.get_nowait()
            try:
                connection.execute("")  # unless the server has ended it
                return connection
            except psycopg.OperationalError:
                connection.close()
        where = self._where
        try:
            return psycopg.connect(
                host=where["host"],
                port=where["port"],
                dbname=where["database"],
                user=where["user"],
                password=where["password"],
                **self._tls,
                connect_timeout=3,
                autocommit=True,  # transactions are begun by connection.transaction()
                # A statement that stays prepared could be exchanged for another one by who can run any SQL.
                prepare_threshold=None,
            )
        except psycopg.OperationalError as refused:
            if "authentication failed" in str(refused) or "does not exist" in str(refused):
                raise LoginRefused(str(refused)) from refused
            raise

    def _give(self, connection):
        """Whatever was left in the session (settings, cursors, statements) would meet the next tenant."""
        try:
            connection.execute("DISCARD ALL")
            self._idle.put(connection)
        except psycopg.Error:
            connection.close()

    def close(self):
        while not self._idle.empty():
            self._idle.get_nowait().close()
