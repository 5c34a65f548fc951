package dev.gatehouse.gateway.authenticate.jwt;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Whether an RSA key can verify anything: neither so weak nor so large that it must not. */
public final class RsaStrength {
  /** RFC 7518 section 3.3. */
  private static final int MIN_BITS = 2048;

  private static final int MAX_BITS = 4096;

  /** An exponent of the size of the modulus makes each verification cost as much as a signature. */
  private static final int MAX_EXPONENT_BITS = 33;

  private static final BigInteger LEAST_EXPONENT = BigInteger.valueOf(3);

  private static final int[] PRIMES = {
    11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157
  };

  /**
   * The remainders that moduli of the smart cards of CVE-2017-15361 have: all are powers of 65537
   * (Nemec et al., "The Return of Coppersmith's Attack", CCS 2017).
   */
  private static final Map<Integer, Set<Integer>> OF_WEAK_CARDS = ofWeakCards();

  private RsaStrength() {}

  /** Whether it is of 2,048 to 4,096 bits, its exponent small, and not known to be weak. */
  public static boolean isFit(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    BigInteger exponent = key.getPublicExponent();
    return bits >= MIN_BITS
        && bits <= MAX_BITS
        && exponent.testBit(0)
        && exponent.compareTo(LEAST_EXPONENT) >= 0
        && exponent.bitLength() <= MAX_EXPONENT_BITS
        && !isOfWeakCard(key.getModulus());
  }

  private static boolean isOfWeakCard(BigInteger modulus) {
    return OF_WEAK_CARDS.entrySet().stream()
        .allMatch(prime ->
            prime.getValue().contains(modulus.mod(BigInteger.valueOf(prime.getKey())).intValue()));
  }

  private static Map<Integer, Set<Integer>> ofWeakCards() {
    Map<Integer, Set<Integer>> remainders = new HashMap<>();
    for (int prime : PRIMES) {
      Set<Integer> powers = new HashSet<>();
      for (int power = 1; powers.add(power); ) {
        power = (int) (power * 65537L % prime);
      }
      remainders.put(prime, powers);
    }
    return remainders;
  }
}
