package dev.merlon.model.data.fetch;

/**
 * A file as its authors published it.
 *
 * @param name its name, on every mirror and on the disk
 * @param bytes its exact length
 * @param sha256 the digest of its content, 64 lower-case hexadecimal digits
 */
public record PublishedFile(String name, long bytes, String sha256) {

  /** Refuses what cannot be a file of a published data set. */
  public PublishedFile {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")
        || bytes < 1
        || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("no published file: " + name + ", " + sha256);
    }
  }
}
