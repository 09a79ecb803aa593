package dev.merlon.model.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.proto.CheckpointManifest;
import dev.merlon.proto.Digests;
import dev.merlon.proto.Snapshot;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The bytes of a checkpoint file: the eight letters {@code MERLONCK}, the length of the manifest (4
 * bytes, big-endian), the SHA-256 of the manifest (32 bytes), the manifest, and the snapshot, whose
 * length and SHA-256 the manifest holds. So every byte is covered by a check.
 */
final class CheckpointFormat {
  /** The version of the schema that this code writes; it reads the older ones, too. */
  static final int SCHEMA_VERSION = 4;

  private static final int OLDEST_VERSION = 1;
  private static final byte[] MAGIC = "MERLONCK".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST_BYTES = 32;
  private static final int PREFIX_BYTES = MAGIC.length + Integer.BYTES + DIGEST_BYTES;
  private static final int MANIFEST_LIMIT = 1 << 24;

  private CheckpointFormat() {}

  /** Writes a checkpoint. */
  static void write(TrainingSnapshot snapshot, OutputStream out) throws IOException {
    Snapshot body = SnapshotMessages.message(snapshot);
    byte[] manifest = Digests.canonicalBytes(manifest(snapshot, body));
    DataOutputStream data = new DataOutputStream(out);
    data.write(MAGIC);
    data.writeInt(manifest.length);
    data.write(DigestUtils.getSha256Digest().digest(manifest));
    data.write(manifest);
    body.writeTo(data);
    data.flush();
  }

  /**
   * Checks every byte of a file without building the snapshot.
   *
   * @throws DamagedCheckpoint if the file is not a complete, unchanged checkpoint
   * @throws MerlonException (model format) if a newer Merlon wrote it
   */
  static CheckpointManifest verify(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      CheckpointManifest manifest = readManifest(file, in);
      long expected = manifest.getSnapshotBytes();
      MessageDigest digest = DigestUtils.getSha256Digest();
      long length = new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
      require(length == expected, "its snapshot has " + length + " of " + expected + " bytes");
      require(
          HexFormat.of().formatHex(digest.digest()).equals(manifest.getSnapshotDigest()),
          "its snapshot does not match its checksum");
      return manifest;
    }
  }

  /** Checks every byte and builds the snapshot; throws as {@link #verify} does. */
  static TrainingSnapshot read(Path file) throws IOException {
    CheckpointManifest manifest = verify(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      readManifest(file, in);
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      RunIdentity identity =
          new RunIdentity(
              manifest.getConfiguration(),
              manifest.getDataDigest(),
              manifest.getCodeVersion(),
              manifest.getThreadCountsList().stream()
                  .map(count -> new ThreadCount(count.getFromStep(), count.getThreads()))
                  .toList());
      return SnapshotMessages.snapshot(identity, Snapshot.parseFrom(coded));
    } catch (InvalidProtocolBufferException | IllegalArgumentException wrong) {
      throw new DamagedCheckpoint("it is not a snapshot: " + wrong.getMessage(), wrong);
    }
  }

  private static CheckpointManifest manifest(TrainingSnapshot snapshot, Snapshot body)
      throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      body.writeTo(out);
    }
    RunIdentity identity = snapshot.identity();
    return CheckpointManifest.newBuilder()
        .setSchemaVersion(SCHEMA_VERSION)
        .setCodeVersion(identity.codeVersion())
        .setConfiguration(identity.settings())
        .setConfigurationDigest(identity.settingsDigest())
        .setDataDigest(identity.dataDigest())
        .setCursor(SnapshotMessages.message(snapshot.cursor()))
        .setSnapshotBytes(body.getSerializedSize())
        .setSnapshotDigest(HexFormat.of().formatHex(digest.digest()))
        .addAllThreadCounts(identity.threads().stream().map(CheckpointFormat::message).toList())
        .build();
  }

  private static dev.merlon.proto.ThreadCount message(ThreadCount count) {
    return dev.merlon.proto.ThreadCount.newBuilder()
        .setFromStep(count.fromStep())
        .setThreads(count.threads())
        .build();
  }

  private static CheckpointManifest readManifest(Path file, InputStream in) throws IOException {
    byte[] prefix = in.readNBytes(PREFIX_BYTES);
    require(
        prefix.length == PREFIX_BYTES && Arrays.equals(Arrays.copyOf(prefix, MAGIC.length), MAGIC),
        "it does not begin like a checkpoint");
    DataInputStream rest =
        new DataInputStream(
            new java.io.ByteArrayInputStream(prefix, MAGIC.length, PREFIX_BYTES - MAGIC.length));
    int length = rest.readInt();
    require(length >= 0 && length <= MANIFEST_LIMIT, "its manifest has an impossible length");
    byte[] bytes = in.readNBytes(length);
    require(
        Arrays.equals(DigestUtils.getSha256Digest().digest(bytes), rest.readNBytes(DIGEST_BYTES)),
        "its manifest does not match its checksum");
    CheckpointManifest manifest = CheckpointManifest.parseFrom(bytes);
    requireReadable(file, manifest.getSchemaVersion(), manifest.getCodeVersion());
    return manifest;
  }

  // Older versions are migrated here, each to the next. Version 2 added the average of the weights
  // and the best model, version 3 the natural branch, version 4 the threads: an older snapshot is
  // one without
  // them.
  private static void requireReadable(Path file, int version, String writer)
      throws DamagedCheckpoint {
    if (version > SCHEMA_VERSION) {
      throw MerlonException.modelFormat(
          "Checkpoint "
              + file
              + " was written by a newer Merlon ("
              + writer
              + "): its schema is version "
              + version
              + ", this Merlon reads up to "
              + SCHEMA_VERSION,
          "Resume with that Merlon, or train into another directory.");
    }
    require(version >= OLDEST_VERSION, "its schema version is " + version);
  }

  private static void require(boolean condition, String problem) throws DamagedCheckpoint {
    if (!condition) {
      throw new DamagedCheckpoint(problem);
    }
  }
}
