package orderflow.console;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/**
 * The file of a form, read as it arrives.
 *
 * @param name without the folders that some browsers send with it
 */
record UploadedFile(String name, InputStream content) {

  /** The first file of a form; null if none was chosen, or the form can't be read. */
  static @Nullable UploadedFile of(HttpServletRequest request) throws IOException {
    try {
      FileItemIterator parts = new FileUpload().getItemIterator(new Context(request));
      while (parts.hasNext()) {
        FileItemStream part = parts.next();
        String name = part.isFormField() ? null : part.getName();
        if (name != null && !name.isBlank()) {
          return new UploadedFile(name.replaceFirst("(?s).*[/\\\\]", ""), part.openStream());
        }
      }
      return null;
    } catch (FileUploadException e) {
      return null;
    }
  }

  private record Context(HttpServletRequest request) implements UploadContext {

    @Override
    public String getCharacterEncoding() {
      return "UTF-8";
    }

    @Override
    public String getContentType() {
      return request.getContentType();
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return request.getInputStream();
    }

    @Override
    public long contentLength() {
      return request.getContentLengthLong();
    }
  }
}
