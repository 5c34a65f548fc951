package dev.gatehouse.contract.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {

  /** Appendix B of RFC 8785: bits of a double, and its text. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2",
  })
  void writesNumbersAsEcmaScriptDoes(String bits, String expected) {
    double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.of(value)).isEqualTo(expected);
  }

  @Test
  void writesWholeNumbersAsTheyAreWhereAllReadersAgree() {
    assertThat(CanonicalJson.of(List.of(1, -7L, CanonicalJson.MAX_SAFE_INTEGER)))
        .isEqualTo("[1,-7,9007199254740991]");
    assertThat(CanonicalJson.of(9007199254740993L)).isEqualTo("9007199254740992");
  }

  /** Section 3.2.3 of RFC 8785. */
  @Test
  void ordersNamesByTheirUtf16CodeUnits() {
    Map<String, Object> names = new HashMap<>();
    for (String name : List.of("\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6")) {
      names.put(name, 1);
    }
    assertThat(CanonicalJson.of(names))
        .isEqualTo(
            "{\"\\r\":1,\"1\":1,\"\u0080\":1,\"\u00f6\":1,\"\u20ac\":1,\"\ud83d\ude00\":1,\"\ufb33\":1}");
  }

  /** The text of section 3.2.2 of RFC 8785. */
  @Test
  void escapesWhatMustBeEscapedAndNothingElse() {
    assertThat(CanonicalJson.of("\u20ac$\u000F\nA'B\"\\\"/\u0000\u007f\t\b\f\r"))
        .isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\"/\\u0000\u007f\\t\\b\\f\\r\"");
  }

  @Test
  void writesLiteralsAndNests() {
    List<@Nullable Object> literals = Arrays.asList(null, true, false, Map.of(), List.of());
    assertThat(CanonicalJson.of(Map.of("a", literals)))
        .isEqualTo("{\"a\":[null,true,false,{},[]]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800", "\ud800a"})
  void refusesHalfASurrogatePair(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.of(text));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void refusesNumbersThatAreNotFinite(double value) {
    assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.of(value));
  }
}
