package orderflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for localhost that signs itself, and its key, in the forms that servers want them
 * in.
 */
public final class Certificate {

  public static final String PASSWORD = "changeit";

  private static final Certificate MADE = new Certificate();

  private final Path keyStore;
  private final Path certificate;
  private final Path key;

  private Certificate() {
    try {
      Path folder =
          Files.createTempDirectory(Files.createDirectories(Path.of("target/certificates")), "")
              .toAbsolutePath();
      keyStore = folder.resolve("server.p12");
      make(keyStore);
      KeyStore store = load(keyStore);
      certificate = pem(folder, "CERTIFICATE", store.getCertificate("server").getEncoded());
      key = pem(folder, "PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded());
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException("no certificate could be made", e);
    }
  }

  /** Certificate and key as PKCS 12. */
  public static Path keyStore() {
    return MADE.keyStore;
  }

  /** The certificate as PEM; whoever trusts it trusts the server. */
  public static Path certificate() {
    return MADE.certificate;
  }

  /** The key as PEM (PKCS 8). */
  public static Path key() {
    return MADE.key;
  }

  /** For a server that shows the certificate, and for a client that trusts it. */
  public static SSLContext context() {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(keyStore()), PASSWORD.toCharArray());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", load(keyStore()).getCertificate("server"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void make(Path file) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(file.resolveSibling("keytool.log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + file.resolveSibling("keytool.log"));
    }
  }

  private static KeyStore load(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static Path pem(Path folder, String type, byte[] der) throws IOException {
    String text =
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    return Files.writeString(
        folder.resolve(type.toLowerCase(Locale.ROOT).replace(' ', '-') + ".pem"), text);
  }
}
