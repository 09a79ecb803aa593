package dev.merlon.model.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which folders lie on another machine. SQLite's write-ahead log needs memory that all its
 * processes share, and locks that hold: neither can be relied on there (SQLite, "Write-Ahead
 * Logging", section 1).
 */
final class NetworkFolder {
  private static final Set<String> TYPES =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afs",
          "afpfs",
          "webdav",
          "davfs",
          "9p",
          "v9fs",
          "ceph",
          "glusterfs",
          "lustre",
          "gpfs",
          "beegfs",
          "panfs",
          "orangefs",
          "ocfs2",
          "gfs2",
          "ncpfs",
          "coda",
          "sshfs",
          "s3fs",
          "gcsfuse",
          "rclone");

  private NetworkFolder() {}

  /** The type of a folder's file system, if it is one of the network. */
  static Optional<String> type(Path folder) throws IOException {
    return network(Files.getFileStore(folder).type());
  }

  /**
   * The type again, if it is one of the network.
   *
   * @param type as the operating system calls it, such as {@code nfs4} or {@code fuse.sshfs}
   */
  static Optional<String> network(String type) {
    String plain = type.toLowerCase(Locale.ROOT).replaceFirst("^fuse\\.", "");
    return TYPES.contains(plain) ? Optional.of(type) : Optional.empty();
  }
}
