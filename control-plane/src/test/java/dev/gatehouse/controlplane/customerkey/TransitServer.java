package dev.gatehouse.controlplane.customerkey;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key service of a customer, over TLS on a port of its own: the operations of the transit engine
 * of Vault and OpenBao that encrypt and decrypt, with real keys that never leave it.
 */
public final class TransitServer implements AutoCloseable {
  private static final String CIPHERTEXT = "vault:v";

  private final Vertx vertx = Vertx.vertx();
  private final X509Certificate certificate;
  private final HttpServerOptions options;
  private final Map<String, List<AesGcmJce>> keys = new ConcurrentHashMap<>();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answers = new AtomicInteger(200);
  private final AtomicInteger renewals = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean silent;
  private HttpServer server;
  private final int port;

  /** One with a certificate for 127.0.0.1. */
  public TransitServer() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    this.certificate = certificateOf(pair);
    this.options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(certificatePem()))
                    .addKeyValue(pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
    this.server = listen(0);
    this.port = server.actualPort();
  }

  private HttpServer listen(int wanted) {
    return vertx
        .createHttpServer(options)
        .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
        .listen(wanted, "127.0.0.1")
        .await();
  }

  /** Where it is. */
  public String url() {
    return "https://127.0.0.1:" + port;
  }

  /** By which its certificate is signed: by itself. */
  public String certificatePem() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded()).toString();
  }

  /** Makes a key, or a new version of one. */
  public void newVersion(String name) {
    try {
      keys.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>())
          .add(new AesGcmJce(Random.randBytes(32)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the API wants: a key here, opened with a token that is made to be good. */
  public JsonObject document(String keyName, String token) throws GeneralSecurityException {
    keys.computeIfAbsent(keyName, _ -> new CopyOnWriteArrayList<>());
    if (keys.get(keyName).isEmpty()) {
      newVersion(keyName);
    }
    tokens.add(token);
    return JsonObject.of(
        "url", url(), "keyName", keyName, "token", token, "certificates", certificatePem());
  }

  /** A token is good no more. */
  public void revoke(String token) {
    tokens.remove(token);
  }

  /** A token is good again. */
  public void allow(String token) {
    tokens.add(token);
  }

  /** A key is gone, and what it has encrypted with it. */
  public void delete(String keyName) {
    keys.remove(keyName);
  }

  /** Answers everything with this status; 200 for as it should. */
  public void answerWith(int status) {
    answers.set(status);
  }

  /** Answers nothing any more. */
  public void fallSilent(boolean whether) {
    silent = whether;
  }

  /** Nobody listens any more. */
  public void stopListening() {
    server.close().await();
  }

  /** Listens again. */
  public void listenAgain() {
    server = listen(port);
  }

  /** How often a token was renewed. */
  public int renewals() {
    return renewals.get();
  }

  /** How often it was asked. */
  public int calls() {
    return calls.get();
  }

  private void answer(HttpServerRequest request, Buffer body) {
    calls.incrementAndGet();
    if (silent) {
      return;
    }
    String token = request.getHeader("X-Vault-Token");
    if (answers.get() != 200) {
      end(request, answers.get(), errors("as told"));
    } else if (token == null || !tokens.contains(token)) {
      end(request, 403, errors("permission denied"));
    } else {
      try {
        JsonObject data = perform(String.valueOf(request.path()).split("/"), body.toJsonObject());
        end(request, 200, JsonObject.of("data", data));
      } catch (GeneralSecurityException | RuntimeException e) {
        end(request, 400, errors(String.valueOf(e.getMessage())));
      }
    }
  }

  private JsonObject perform(String[] path, JsonObject asked) throws GeneralSecurityException {
    if (String.join("/", path).equals("/v1/auth/token/renew-self")) {
      renewals.incrementAndGet();
      return new JsonObject();
    }
    if (path.length != 5 || !path[1].equals("v1") || !path[2].equals("transit")) {
      throw new IllegalArgumentException("no handler for route");
    }
    List<AesGcmJce> versions = keys.getOrDefault(path[4], List.of());
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("encryption key not found");
    }
    byte[] associated = Base64.getDecoder().decode(asked.getString("associated_data", ""));
    return switch (path[3]) {
      case "encrypt" -> {
        byte[] plaintext = Base64.getDecoder().decode(asked.getString("plaintext"));
        byte[] sealed = versions.getLast().encrypt(plaintext, associated);
        yield JsonObject.of(
            "ciphertext",
            CIPHERTEXT + versions.size() + ":" + Base64.getEncoder().encodeToString(sealed));
      }
      case "decrypt" -> {
        String[] parts = asked.getString("ciphertext").substring(CIPHERTEXT.length()).split(":", 2);
        AesGcmJce version = versions.get(Integer.parseInt(parts[0]) - 1);
        byte[] opened = version.decrypt(Base64.getDecoder().decode(parts[1]), associated);
        yield JsonObject.of("plaintext", Base64.getEncoder().encodeToString(opened));
      }
      default -> throw new IllegalArgumentException("unsupported operation");
    };
  }

  private static JsonObject errors(String message) {
    return JsonObject.of("errors", List.of(message));
  }

  private static void end(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.toBuffer());
  }

  private static Buffer pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(der);
    return Buffer.buffer(
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what));
  }

  @SuppressWarnings("JavaUtilDate") // It is what the builder takes.
  private static X509Certificate certificateOf(KeyPair pair) throws Exception {
    X500Name name = new X500Name("CN=key service");
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(30))),
            name,
            pair.getPublic());
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
