package dev.gatehouse.loadtests.bench;

import dev.gatehouse.contract.context.ContextSigner;
import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.signature.Component;
import dev.gatehouse.contract.signature.ContentDigest;
import dev.gatehouse.contract.signature.Message;
import dev.gatehouse.contract.signature.MessageSigner;
import dev.gatehouse.contract.signature.SignatureHeaders;
import dev.gatehouse.contract.signature.SignatureProfile;
import dev.gatehouse.contract.signature.SigningKey;
import dev.gatehouse.contract.signature.UnsignableMessageException;
import dev.gatehouse.gateway.sign.NativeCryptography;
import java.net.URI;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to sign one request as a whole, beside one context. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp() before it measures.
public class MessageSignatureBenchmark {
  private static final int BODY = 64 * 1024;

  private final Instant now = Instant.now();
  private final byte[] body = new byte[BODY];
  private TenantContext context;
  private ContextSigner contexts;
  private Message.Request request;
  private MessageSigner ed25519;
  private MessageSigner ed25519OfTheJdk;
  private MessageSigner hmac;
  private MessageSigner hmacOfTheJdk;

  /** Makes the keys, and a request as the gateway signs it. */
  @Setup
  public void setUp() {
    Optional<Provider> provider = NativeCryptography.provider();
    contexts = ContextSigner.of(SigningKeys.generate(), provider);
    context =
        new TenantContext(
            UUID.randomUUID(),
            "tenant-17",
            "robot",
            Set.of("reader"),
            Set.of(),
            "api-key",
            "app",
            now,
            now.plusSeconds(60));
    request =
        Message.request(
            "GET",
            URI.create("http://tenant-17.example.test/api/items/17?page=1"),
            Map.of(
                TenantContext.ID_HEADER, List.of(context.tenantId().toString()),
                TenantContext.SLUG_HEADER, List.of("tenant-17"),
                TenantContext.HEADER, List.of(contexts.sign(context))));
    SignatureProfile profile = profile();
    String jwk = SigningKey.generateEd25519();
    byte[] secret = new byte[32];
    ed25519 = new MessageSigner(SigningKey.of(jwk, provider), profile);
    ed25519OfTheJdk = new MessageSigner(SigningKey.of(jwk), profile);
    hmac = new MessageSigner(SigningKey.hmacSha256("app", secret, provider), profile);
    hmacOfTheJdk = new MessageSigner(SigningKey.hmacSha256("app", secret), profile);
  }

  private static SignatureProfile profile() {
    return new SignatureProfile(
        SignatureProfile.DEFAULT_LABEL,
        List.of(
            Component.Derived.METHOD,
            Component.Derived.AUTHORITY,
            Component.Derived.PATH,
            Component.Derived.QUERY,
            Component.of("x-tenant-id"),
            Component.of("x-tenant-slug"),
            Component.of("x-tenant-context")),
        Optional.of(Duration.ofSeconds(60)),
        Optional.of("app"),
        true);
  }

  /** A context, for comparison: one of these serves many requests. */
  @Benchmark
  public String signContext() {
    return contexts.sign(context);
  }

  /** As the gateway signs. */
  @Benchmark
  public SignatureHeaders signByEd25519() throws UnsignableMessageException {
    return ed25519.sign(request, now, "0123456789abcdef-17");
  }

  /** As it does where the native library does not load. */
  @Benchmark
  public SignatureHeaders signByEd25519OfTheJdk() throws UnsignableMessageException {
    return ed25519OfTheJdk.sign(request, now, "0123456789abcdef-17");
  }

  /** As the gateway signs. */
  @Benchmark
  public SignatureHeaders signByHmac() throws UnsignableMessageException {
    return hmac.sign(request, now, "0123456789abcdef-17");
  }

  /** As it does where the native library does not load. */
  @Benchmark
  public SignatureHeaders signByHmacOfTheJdk() throws UnsignableMessageException {
    return hmacOfTheJdk.sign(request, now, "0123456789abcdef-17");
  }

  /** The digest of 64 KiB. */
  @Benchmark
  public String digest() {
    return ContentDigest.of(body);
  }
}
