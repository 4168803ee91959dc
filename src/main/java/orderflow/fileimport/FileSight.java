package orderflow.fileimport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file's attributes at one moment.
 *
 * @param changed when its inode was last changed, or null where the file system does not say
 * @param node what stays the same while a file is written or renamed, or null where there is no
 *     such thing
 */
record FileSight(
    boolean regular,
    long size,
    FileTime modified,
    @Nullable FileTime changed,
    @Nullable Object node) {

  /** Looks at a file; a symbolic link is not followed. */
  static FileSight of(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      var basic = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new FileSight(
          basic.isRegularFile(), basic.size(), basic.lastModifiedTime(), null, basic.fileKey());
    }
    Map<String, Object> all =
        Files.readAttributes(
            file, "unix:isRegularFile,size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
    return new FileSight(
        Boolean.TRUE.equals(all.get("isRegularFile")),
        all.get("size") instanceof Long size ? size : 0,
        (FileTime) Objects.requireNonNull(all.get("lastModifiedTime")),
        (FileTime) all.get("ctime"),
        all.get("ino"));
  }

  /** Whether it is the same file, with nothing written to it in between. */
  boolean isUnchangedIn(FileSight later) {
    return size == later.size && modified.equals(later.modified) && isSameFileAs(later);
  }

  boolean isSameFileAs(FileSight other) {
    return node == null || other.node == null || node.equals(other.node);
  }

  /** Whether its inode was changed after its content, as a rename does. */
  boolean wasChangedAfterItsContent() {
    return changed != null && changed.compareTo(modified) > 0;
  }
}
