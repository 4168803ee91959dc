package orderflow.fileimport;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** What is in a dropped file, unzipped where its name says so; it can be read more than once. */
final class FileContent implements FileSurvey.Content {

  /** What systems put beside the files of a folder. */
  private static final Set<String> NO_FILES = Set.of("thumbs.db", "desktop.ini");

  private final Path file;
  private final FileIdentity identity;
  private final FileFormat format;
  private final BooleanSupplier stopping;
  private @Nullable DroppedFile latest;

  FileContent(Path file, FileIdentity identity, FileFormat format, BooleanSupplier stopping) {
    this.file = file;
    this.identity = identity;
    this.format = format;
    this.stopping = stopping;
  }

  /**
   * What kind of content it is.
   *
   * @throws UnreadableFile if that is said by the one file in it, and there are more, or none
   */
  FileFormat.Content kind() throws IOException {
    if (format.content() != FileFormat.Content.ZIPPED || identity.size() == 0) {
      return format.content();
    }
    String name = null;
    try (InputStream dropped = dropped();
        ZipInputStream zip = zip(dropped)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (isFile(entry)) {
          if (name != null) {
            throw new UnreadableFile(
                "It holds more than one file: drop each on its own, or in a zip of its own.");
          }
          name = entry.getName();
        }
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw broken(e);
    }
    if (name == null) {
      throw new UnreadableFile("It is no zip, or holds no file: zip it again and drop it again.");
    }
    FileFormat.Content kind = FileFormat.Content.of(name);
    if (kind == FileFormat.Content.OTHER) {
      throw new UnreadableFile(
          "The file in it is of no kind that is imported, which are " + FileFormat.ENDINGS + ".");
    }
    return kind;
  }

  /** A file of no bytes holds nothing in any format. */
  @Override
  public InputStream open() throws IOException {
    DroppedFile dropped = dropped();
    if (identity.size() == 0 || format.wrapping() == FileFormat.Wrapping.NONE) {
      return dropped;
    }
    try {
      return new Unzipped(
          format.wrapping() == FileFormat.Wrapping.GZIP
              ? new GZIPInputStream(dropped, 1 << 16)
              : theOneFile(dropped));
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      dropped.close();
      throw broken(e);
    }
  }

  /** How many bytes have been read of the file as it is on disk. */
  long bytesRead() throws IOException {
    return latest == null ? 0 : latest.position();
  }

  @Override
  public Path asFile(Path unzipped) throws IOException {
    if (format.wrapping() == FileFormat.Wrapping.NONE) {
      return file;
    }
    Inbox.createForOwner(unzipped);
    try (InputStream in = open()) {
      Files.copy(in, unzipped, StandardCopyOption.REPLACE_EXISTING);
    }
    return unzipped;
  }

  private DroppedFile dropped() throws IOException {
    DroppedFile opened = new DroppedFile(file, identity, stopping);
    latest = opened;
    return opened;
  }

  /** Names of any charset are read, as their endings are ASCII. */
  private static ZipInputStream zip(InputStream in) {
    return new ZipInputStream(in, StandardCharsets.ISO_8859_1);
  }

  private static InputStream theOneFile(InputStream in) throws IOException {
    ZipInputStream zip = zip(in);
    ZipEntry entry = zip.getNextEntry();
    while (entry != null && !isFile(entry)) {
      entry = zip.getNextEntry();
    }
    return zip;
  }

  private static boolean isFile(ZipEntry entry) {
    String path = entry.getName().replace('\\', '/');
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return !name.isEmpty()
        && !name.startsWith(".")
        && !path.startsWith("__MACOSX/")
        && !NO_FILES.contains(name);
  }

  private UnreadableFile broken(Exception e) {
    String kind = format.wrapping() == FileFormat.Wrapping.GZIP ? "gzip" : "zip";
    return new UnreadableFile(
        "It is no whole "
            + kind
            + " file ("
            + (e instanceof EOFException ? "it ends too early" : e.getMessage())
            + "): compress it again and drop it again.");
  }

  /** Tells a broken zip from a broken disk. */
  private final class Unzipped extends FilterInputStream {

    Unzipped(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (ZipException | EOFException e) {
        throw broken(e);
      }
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      try {
        return super.read(into, from, most);
      } catch (ZipException | EOFException e) {
        throw broken(e);
      }
    }
  }
}
