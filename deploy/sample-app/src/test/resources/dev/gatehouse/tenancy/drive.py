import json
import sys
from concurrent.futures import ThreadPoolExecutor

from tenant_database import TenantDatabase

given = json.load(sys.stdin)
database = TenantDatabase(given["url"], given["token"])
seen = set()
left = set()


def visit(request):
    with database.transaction(request["claims"], request["jws"]) as connection:
        rows = connection.execute("SELECT text FROM note WHERE id < %s ORDER BY 1", [10]).fetchall()
        seen.add(f"{request['name']}: {','.join(row[0] for row in rows)}")
    with database.transaction(request["claims"], request["jws"]) as connection:
        left.add(connection.execute("SELECT coalesce(current_setting('x.left', true), '')").fetchone()[0])
        connection.execute("SELECT set_config('x.left', %s, false)", [request["name"]])
        connection.execute("PREPARE left_behind AS SELECT 1")


with ThreadPoolExecutor(4) as threads:
    list(threads.map(visit, given["requests"] * 20))

first = given["requests"][0]
with database.transaction(first["claims"], first["jws"]) as connection:
    connection.execute("INSERT INTO note (id, text) VALUES (10, 'new')")
passed_over = "nothing"
try:
    with database.transaction(first["claims"], first["jws"]) as connection:
        connection.execute("INSERT INTO note (id, text) VALUES (11, 'not to be kept')")
        try:
            connection.execute("SELECT 1 / 0")
        except Exception:
            pass
except Exception as error:
    passed_over = str(error)
try:
    with database.transaction(first["claims"], first["jws"]) as connection:
        connection.execute("INSERT INTO note (id, text) VALUES (12, 'not to be kept')")
        raise ValueError("mine")
except ValueError:
    pass
with database.transaction(first["claims"], first["jws"]) as connection:
    count = connection.execute("SELECT count(*) FROM note").fetchone()[0]
database.close()
print("\n".join(sorted(seen)))
print(f"left: [{','.join(left)}]")
print(passed_over)
print(f"notes: {count}")
