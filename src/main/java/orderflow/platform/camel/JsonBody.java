package orderflow.platform.camel;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import orderflow.platform.http.ProblemException;
import orderflow.platform.http.ProblemType;
import orderflow.platform.http.RequestBody;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Reads a request's body as text. Spring MVC has checked its media type. */
final class JsonBody {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private JsonBody() {}

  static String read(HttpServletRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    Charset charset = charset(request.getContentType());
    boolean isPacked = "gzip".equalsIgnoreCase(encoding) || "x-gzip".equalsIgnoreCase(encoding);
    if (encoding != null && !isPacked && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE)
          .withHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
    }
    if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }
    byte[] bytes = isPacked ? RequestBody.unpacked(request) : RequestBody.of(request);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new ProblemException(ProblemType.MALFORMED_REQUEST, "The body is not UTF-8.");
    }
  }

  private static @Nullable Charset charset(String contentType) {
    try {
      return MediaType.parseMediaType(contentType).getCharset();
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }
  }
}
