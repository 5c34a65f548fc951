package dev.gatehouse.controlplane.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretColumnTest {
  private static final UUID ROW = new UUID(1, 2);

  private final MasterKey masterKey = keyOf(1);
  private final SecretColumn column = new SecretColumn(masterKey, "a.b");
  private final SealedSecret sealed = column.seal(ROW, "s3cret ü", Instant.EPOCH);

  @Test
  void opensWhatItHasSealed() {
    assertThat(column.open(ROW, sealed)).isEqualTo("s3cret ü");
    assertThat(sealed.setAt()).isEqualTo(Instant.EPOCH);
    assertThat(sealed.toString()).doesNotContain("s3cret");
    assertThat(sealed.sealed().toString()).doesNotContain("s3cret");
  }

  @Test
  void opensNothingOfAnotherRowColumnOrKey() {
    assertThatIllegalStateException().isThrownBy(() -> column.open(new UUID(1, 3), sealed));
    assertThatIllegalStateException()
        .isThrownBy(() -> new SecretColumn(masterKey, "a.c").open(ROW, sealed));
    assertThatIllegalStateException()
        .isThrownBy(() -> new SecretColumn(keyOf(2), "a.b").open(ROW, sealed));
  }

  private static MasterKey keyOf(int first) {
    byte[] key = new byte[MasterKey.LENGTH];
    key[0] = (byte) first;
    return MasterKey.parse(Base64.getEncoder().encodeToString(key));
  }
}
