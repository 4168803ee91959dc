package orderflow.platform.http;

import jakarta.servlet.ServletRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The received part of a request's body, bounded for each body and for all together. */
public final class RequestBody {

  /** The largest body, in bytes. */
  public static final int LARGEST = 1024 * 1024;

  private static final int BLOCK = 8192;

  /**
   * Bodies that fit one block need no permit; the others share this part of the heap. Parsing one
   * takes up to ten times its size.
   */
  private static final Semaphore ROOM =
      new Semaphore((int) (Runtime.getRuntime().maxMemory() / 32 / BLOCK));

  private static final String ATTRIBUTE = RequestBody.class.getName();
  private static final String AWAITED = ATTRIBUTE + ".awaited";
  private static final String STREAMED = ATTRIBUTE + ".streamed";

  private @Nullable ByteArrayOutputStream bytes;
  private long received;
  private int blocks = 1;
  private @Nullable ProblemException refusal;
  private @Nullable RequestBody unpacked;

  /**
   * The body of a request; empty if it has none.
   *
   * @throws ProblemException if it is too large, late or cut off, or if too many others are being
   *     received
   */
  public static byte[] of(ServletRequest request) {
    if (!(request.getAttribute(ATTRIBUTE) instanceof RequestBody body)) {
      return new byte[0];
    }
    if (body.refusal != null) {
      throw body.refusal;
    }
    return body.bytes == null ? new byte[0] : body.bytes.toByteArray();
  }

  /**
   * The content of a gzipped body.
   *
   * @throws ProblemException also if it is not gzipped, or too large when unpacked
   */
  public static byte[] unpacked(ServletRequest request) {
    byte[] packed = of(request);
    if (packed.length == 0 || !(request.getAttribute(ATTRIBUTE) instanceof RequestBody body)) {
      return packed;
    }
    RequestBody content = new RequestBody();
    body.unpacked = content;
    byte[] buffer = new byte[BLOCK];
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      for (int n = in.read(buffer); n >= 0 && content.refusal == null; n = in.read(buffer)) {
        content.add(buffer, n);
      }
    } catch (IOException e) {
      throw new ProblemException(ProblemType.MALFORMED_REQUEST, "The body is not gzip.");
    }
    if (content.refusal != null) {
      throw content.refusal;
    }
    return content.bytes == null ? new byte[0] : content.bytes.toByteArray();
  }

  /** Marks a request whose sender may make the call: it resumes when its body has arrived. */
  public static void awaitFor(ServletRequest request) {
    request.setAttribute(AWAITED, true);
  }

  /**
   * Marks a request whose sender may make the call: the call itself reads the body, of any size, as
   * it arrives.
   */
  public static void leaveToCall(ServletRequest request) {
    request.setAttribute(STREAMED, true);
  }

  static boolean isLeftToCall(ServletRequest request) {
    return request.getAttribute(STREAMED) != null;
  }

  static boolean isAwaitedFor(ServletRequest request) {
    return request.getAttribute(AWAITED) != null;
  }

  void attachTo(ServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  long received() {
    return received;
  }

  /** Adds received bytes; those beyond the bounds are only counted. */
  void add(byte[] from, int length) {
    received += length;
    if (received > LARGEST) {
      refuse(new ProblemException(ProblemType.BODY_TOO_LARGE));
    }
    while (refusal == null && received > (long) blocks * BLOCK) {
      if (ROOM.tryAcquire()) {
        blocks++;
      } else {
        refuse(new ProblemException(ProblemType.OVERLOADED));
      }
    }
    if (refusal == null) {
      if (bytes == null) {
        bytes = new ByteArrayOutputStream(Math.max(length, 1024));
      }
      bytes.write(from, 0, length);
    }
  }

  /** Refuses the body. The first reason counts. */
  void refuse(ProblemException reason) {
    if (refusal == null) {
      refusal = reason;
      release();
    }
  }

  /** Returns the permits, once the request is answered. */
  void release() {
    if (unpacked != null) {
      unpacked.release();
      unpacked = null;
    }
    bytes = null;
    ROOM.release(blocks - 1);
    blocks = 1;
  }
}
