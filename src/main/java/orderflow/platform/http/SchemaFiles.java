package orderflow.platform.http;

import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Serves the JSON Schemas of events, under the media type that says what they are. */
@RestController
class SchemaFiles {

  private static final MediaType SCHEMA = MediaType.parseMediaType("application/schema+json");
  private static final Pattern NAME = Pattern.compile("[a-z]+(\\.[a-z0-9]+)*\\.json");

  @GetMapping("/schemas/{name}")
  ResponseEntity<Resource> schema(@PathVariable String name) {
    Resource file = new ClassPathResource("static/schemas/" + name);
    if (!NAME.matcher(name).matches() || !file.exists()) {
      throw new ProblemException(ProblemType.NOT_FOUND, "There is no schema with this name.");
    }
    return ResponseEntity.ok()
        .contentType(SCHEMA)
        .cacheControl(CacheControl.noCache())
        .header("X-Content-Type-Options", "nosniff")
        .body(file);
  }
}
