package orderflow.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import orderflow.mail.MailTemplate.Broken;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A template by its name: the folder's file where there is one, else the jar's own if it has one. A
 * file that has changed is read again when it is looked at; while it is broken, the last good one
 * stays in use.
 */
final class MailTemplateFile {

  private static final Logger log = LoggerFactory.getLogger(MailTemplateFile.class);

  private record Stamp(FileTime modified, long size) {}

  private final String name;
  private final Path file;
  private final List<Map<String, Object>> samples;
  private final @Nullable MailTemplate own;
  private volatile @Nullable MailTemplate good;
  private @Nullable Stamp stamp;

  /**
   * @param samples models that a template must be able to print
   * @throws IllegalStateException if the jar's own is broken
   */
  MailTemplateFile(Path folder, String name, List<Map<String, Object>> samples) {
    this.name = name;
    this.file = folder.resolve(name);
    this.samples = samples;
    this.own = own();
    this.good = own;
    look();
  }

  String name() {
    return name;
  }

  /** Whether there is one that works. */
  boolean isUsable() {
    return good != null;
  }

  /**
   * Prints a model.
   *
   * @return null if there is no template that can, and so none to be used until the file changes
   * @throws IllegalStateException if the jar's own can't print it
   */
  @Nullable String render(Map<String, Object> model) {
    MailTemplate template = good;
    if (template == null) {
      return null;
    }
    try {
      return template.render(model);
    } catch (Broken e) {
      return insteadOf(template, e, model);
    }
  }

  /** The samples did not show this fault: the jar's own is used until the file changes. */
  private synchronized @Nullable String insteadOf(
      MailTemplate broken, Broken fault, Map<String, Object> model) {
    if (good == broken) {
      good = own;
      refuse(fault.getMessage());
    }
    if (own == null) {
      return null;
    }
    try {
      return own.render(model);
    } catch (Broken e) {
      throw new IllegalStateException(name + " can't print this order: " + e.getMessage(), e);
    }
  }

  /** Has a change of the file seen from now on. */
  synchronized void look() {
    Stamp now = stamp();
    if (now == null) {
      good = own;
    } else if (!now.equals(stamp)) {
      read();
    }
    stamp = now;
  }

  private void read() {
    try {
      good = MailTemplate.parse(name, Files.readString(file), samples);
    } catch (Broken e) {
      refuse(e.getMessage());
    } catch (CharacterCodingException e) {
      refuse("it is not UTF-8");
    } catch (IOException e) {
      refuse(e.toString());
    }
  }

  private void refuse(@Nullable String fault) {
    String instead =
        good == null
            ? "its language is not used"
            : good == own ? "the one in the jar is used" : "the last good one stays in use";
    log.error("Mail template {} is refused, {}: {}", file, instead, fault);
  }

  private @Nullable Stamp stamp() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size());
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable MailTemplate own() {
    try (InputStream in = MailTemplateFile.class.getResourceAsStream("/templates/" + name)) {
      if (in == null) {
        return null;
      }
      return MailTemplate.parse(
          name, new String(in.readAllBytes(), StandardCharsets.UTF_8), samples);
    } catch (IOException | Broken e) {
      throw new IllegalStateException(
          "the jar's template " + name + " is broken: " + e.getMessage(), e);
    }
  }
}
