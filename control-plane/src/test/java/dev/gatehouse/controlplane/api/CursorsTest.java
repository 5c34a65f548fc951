package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import dev.gatehouse.controlplane.secret.MasterKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CursorsTest {
  private final Cursors cursors = new Cursors(masterKey(1));
  private final String cursor = cursors.encode("listTenants{}", "0192-key");

  private static MasterKey masterKey(int first) {
    byte[] key = new byte[32];
    key[0] = (byte) first;
    return MasterKey.parse(Base64.getEncoder().encodeToString(key));
  }

  @Test
  void givesBackTheKeyOnAnyInstanceWithTheSameMasterKey() {
    assertThat(new Cursors(masterKey(1)).decode("listTenants{}", cursor)).isEqualTo("0192-key");
  }

  @Test
  void refusesACursorWithOneChangedCharacter() {
    for (int i = 0; i < cursor.length(); i++) {
      char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
      String changed = cursor.substring(0, i) + other + cursor.substring(i + 1);
      refuses("listTenants{}", changed);
    }
  }

  @Test
  void refusesACursorThatIsCutOrPadded() {
    for (int length = 0; length < cursor.length(); length++) {
      refuses("listTenants{}", cursor.substring(0, length));
    }
    for (String more : List.of("=", "==", "A", " ", "\n")) {
      refuses("listTenants{}", cursor + more);
    }
  }

  @Test
  void refusesACursorOfAnotherListOrMasterKey() {
    refuses("listTenants{status=active}", cursor);
    refuses("listTokens{}", cursor);
    assertThatThrownBy(() -> new Cursors(masterKey(2)).decode("listTenants{}", cursor))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void refusesAForeignCursorOverHttp() {
    ApiClient api = RunningControlPlane.operator();
    api.post("/v1/tenants", Fresh.tenant());
    api.post("/v1/tenants", Fresh.tenant());
    String next = api.get("/v1/tenants?limit=1").json().getString("nextCursor");

    assertThat(api.get("/v1/tenants?limit=1&cursor=" + next).status()).isEqualTo(200);
    for (String path :
        List.of(
            "/v1/tenants?status=active&cursor=" + next,
            "/v1/tokens?cursor=" + next,
            "/v1/tenants?cursor=" + cursor)) {
      Reply refused = api.get(path);
      assertThat(refused.status()).as(path).isEqualTo(400);
      assertThat(refused.problem()).as(path).isEqualTo("invalid-cursor");
    }
  }

  private void refuses(String list, String changed) {
    assertThatThrownBy(() -> cursors.decode(list, changed))
        .as(changed)
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem()).isEqualTo(Problem.INVALID_CURSOR));
  }
}
