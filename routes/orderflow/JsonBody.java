package orderflow;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import orderflow.problem.ProblemType;
import orderflow.problem.Refusal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Reads a request's body within bounds of size, time and encoding. Spring MVC has seen to its media type. */
final class JsonBody {

  private static final int LARGEST = 1024 * 1024;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private JsonBody() {}

  static String read(HttpServletRequest request) throws IOException {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    Charset charset = charset(request.getContentType());
    if (encoding != null && !encoding.equalsIgnoreCase("identity")
        || charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      throw new Refusal(ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }
    if (request.getContentLengthLong() > LARGEST) {
      throw tooLarge();
    }
    byte[] bytes = bytes(request.getInputStream());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(ProblemType.MALFORMED_REQUEST, "The body is no UTF-8.");
    }
  }

  private static @Nullable Charset charset(String contentType) {
    try {
      return MediaType.parseMediaType(contentType).getCharset();
    } catch (IllegalArgumentException e) {
      throw new Refusal(ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }
  }

  /** Bounded in all, not only between two bytes, so that a sender of drops can't hold a thread. */
  private static byte[] bytes(InputStream in) throws IOException {
    long begin = System.nanoTime();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
        if (bytes.size() > LARGEST) {
          throw tooLarge();
        }
        if (System.nanoTime() - begin > LONGEST_NANOS) {
          throw new SocketTimeoutException();
        }
      }
    } catch (SocketTimeoutException e) {
      throw new Refusal(ProblemType.REQUEST_TIMEOUT);
    } catch (IOException e) {
      throw new Refusal(ProblemType.MALFORMED_REQUEST, "The body is cut off or badly chunked.");
    }
    return bytes.toByteArray();
  }

  private static Refusal tooLarge() {
    return new Refusal(ProblemType.BODY_TOO_LARGE);
  }
}
