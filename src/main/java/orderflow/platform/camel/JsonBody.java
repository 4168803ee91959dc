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

  private JsonBody() {}

  static String read(HttpServletRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    Charset charset = charset(request.getContentType());
    if (encoding != null && !encoding.equalsIgnoreCase("identity")
        || charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }
    byte[] bytes = RequestBody.of(request);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
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
