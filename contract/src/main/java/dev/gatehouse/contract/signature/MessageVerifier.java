package dev.gatehouse.contract.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.contract.signature.StructuredFields.InnerList;
import dev.gatehouse.contract.signature.StructuredFields.Item;
import dev.gatehouse.contract.signature.StructuredFields.Text;
import dev.gatehouse.contract.signature.StructuredFields.Value;
import dev.gatehouse.contract.signature.StructuredFields.Whole;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature of messages, for applications on the JVM. Make one and keep it; it is safe
 * for use by many threads.
 *
 * <p>Looks at the signature of one label only. The algorithm is the one of the key, whatever the
 * message says. It must name its key and when it was made, and cover what is required; what it does
 * not cover may be anybody's.
 */
public final class MessageVerifier {
  private static final Component DIGEST = new Component.Header("content-digest");

  private final VerificationPolicy policy;
  private final VerifyingKeys keys;
  private final InstantSource clock;

  /** A verifier by the clock of this machine. */
  public MessageVerifier(VerificationPolicy policy, VerifyingKeys keys) {
    this(policy, keys, InstantSource.system());
  }

  /** A verifier by another clock. */
  public MessageVerifier(VerificationPolicy policy, VerifyingKeys keys, InstantSource clock) {
    this.policy = policy;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Verifies a message whose body is of no matter.
   *
   * @throws SignatureRefusedException if it was not signed, as required, by one of the keys, now
   */
  public VerifiedSignature verify(Message message) throws SignatureRefusedException {
    String label = policy.label();
    if (!(StructuredFields.dictionary("Signature-Input", message.header("signature-input"))
            .get(label)
        instanceof InnerList input)) {
      throw new SignatureRefusedException("Signature-Input has no list of the label " + label);
    }
    if (!(StructuredFields.dictionary("Signature", message.header("signature")).get(label)
            instanceof Item(StructuredFields.Bytes signature, Map<String, Value> none)
        && none.isEmpty())) {
      throw new SignatureRefusedException("Signature has no bytes of the label " + label);
    }
    List<Component> components = componentsOf(input.items());
    SignatureParameters parameters = parametersOf(input.parameters());
    checkCoverage(components);
    checkTimes(parameters);
    checkTag(parameters);
    VerifyingKey key = keyOf(parameters);
    if (!key.verifies(baseOf(message, components, input), signature.decoded())) {
      throw new SignatureRefusedException("the signature does not verify");
    }
    return new VerifiedSignature(key.keyid(), components, parameters);
  }

  /**
   * Verifies a message and its body: the signature must cover {@code Content-Digest}.
   *
   * @param body as it went over the wire
   * @throws SignatureRefusedException if either is not what was signed
   */
  public VerifiedSignature verify(Message message, byte[] body) throws SignatureRefusedException {
    VerifiedSignature verified = verify(message);
    if (!verified.components().contains(DIGEST)) {
      throw new SignatureRefusedException("the signature does not cover Content-Digest");
    }
    ContentDigest.check(message.header("content-digest"), body);
    return verified;
  }

  private static List<Component> componentsOf(List<Item> items) throws SignatureRefusedException {
    if (items.size() > SignatureBase.MAX_COMPONENTS) {
      throw new SignatureRefusedException(
          "more than " + SignatureBase.MAX_COMPONENTS + " components");
    }
    List<Component> components = new ArrayList<>(items.size());
    Set<Component> seen = new HashSet<>();
    for (Item item : items) {
      Component component = componentOf(item);
      if (!seen.add(component)) {
        throw new SignatureRefusedException("the signature covers a component twice");
      }
      components.add(component);
    }
    return List.copyOf(components);
  }

  private static Component componentOf(Item item) throws SignatureRefusedException {
    try {
      if (item.value() instanceof Text(String name)) {
        if (item.parameters().isEmpty()) {
          return Component.of(name);
        }
        if (name.equals("@query-param")
            && item.parameters().size() == 1
            && item.parameters().get("name") instanceof Text(String parameter)) {
          return new Component.QueryParameter(parameter);
        }
      }
    } catch (IllegalArgumentException _) {
      // Refused below: what a message says is not repeated in logs.
    }
    throw new SignatureRefusedException("the signature covers a component that is not understood");
  }

  private static SignatureParameters parametersOf(Map<String, Value> parameters)
      throws SignatureRefusedException {
    for (String name : parameters.keySet()) {
      switch (name) {
        case "created", "expires", "keyid", "alg", "nonce", "tag" -> {}
        default -> throw new SignatureRefusedException("the signature has an unknown parameter");
      }
    }
    return new SignatureParameters(
        whole("created", parameters.get("created")),
        whole("expires", parameters.get("expires")),
        text("keyid", parameters.get("keyid")),
        text("alg", parameters.get("alg")),
        text("nonce", parameters.get("nonce")),
        text("tag", parameters.get("tag")));
  }

  private static OptionalLong whole(String name, @Nullable Value value)
      throws SignatureRefusedException {
    return switch (value) {
      case null -> OptionalLong.empty();
      case Whole(long number) -> OptionalLong.of(number);
      default -> throw new SignatureRefusedException(name + " is not a whole number");
    };
  }

  private static Optional<String> text(String name, @Nullable Value value)
      throws SignatureRefusedException {
    return switch (value) {
      case null -> Optional.empty();
      case Text(String text) -> Optional.of(text);
      default -> throw new SignatureRefusedException(name + " is not a string");
    };
  }

  private void checkCoverage(List<Component> components) throws SignatureRefusedException {
    for (Component required : policy.required()) {
      if (!components.contains(required)) {
        throw new SignatureRefusedException(
            "the signature does not cover " + required.identifier());
      }
    }
  }

  private void checkTimes(SignatureParameters parameters) throws SignatureRefusedException {
    long now = clock.instant().getEpochSecond();
    long skew = policy.clockSkew().toSeconds();
    if (parameters.created().isEmpty()) {
      throw new SignatureRefusedException("the signature does not say when it was created");
    }
    long created = parameters.created().getAsLong();
    if (created > now + skew) {
      throw new SignatureRefusedException("the signature was created in the future");
    }
    if (created < now - policy.maxAge().toSeconds() - skew) {
      throw new SignatureRefusedException("the signature is too old");
    }
    if (parameters.expires().isPresent() && parameters.expires().getAsLong() < now - skew) {
      throw new SignatureRefusedException("the signature has expired");
    }
  }

  private void checkTag(SignatureParameters parameters) throws SignatureRefusedException {
    if (policy.tag().isPresent() && !policy.tag().equals(parameters.tag())) {
      throw new SignatureRefusedException("the signature was made for something else");
    }
  }

  private VerifyingKey keyOf(SignatureParameters parameters) throws SignatureRefusedException {
    if (parameters.keyid().isEmpty()) {
      throw new SignatureRefusedException("the signature does not name its key");
    }
    VerifyingKey key =
        keys.of(parameters.keyid().get())
            .orElseThrow(() -> new SignatureRefusedException("the signature's key is unknown"));
    if (parameters.alg().isPresent()
        && !parameters.alg().get().equals(key.algorithm().registeredName())) {
      throw new SignatureRefusedException("the signature's key is for another algorithm");
    }
    return key;
  }

  private static byte[] baseOf(Message message, List<Component> components, InnerList input)
      throws SignatureRefusedException {
    SignatureBase base = SignatureBase.over(components);
    StringBuilder parameters = new StringBuilder(256).append(base.list());
    input
        .parameters()
        .forEach((name, value) -> value.appendTo(parameters.append(';').append(name).append('=')));
    try {
      return base.of(message, parameters.toString()).getBytes(ISO_8859_1);
    } catch (UnsignableMessageException e) {
      throw new SignatureRefusedException(String.valueOf(e.getMessage()));
    }
  }
}
