package dev.merlon.model.data.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Archives in memory, good ones and malicious ones. */
final class PackedFiles {
  private final List<Member> members = new ArrayList<>();

  /** A file; one with a link is a link to there. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Member(String name, byte[] content, String link, byte linkType) {}

  PackedFiles file(String name, byte[] content) {
    members.add(new Member(name, content, "", TarConstants.LF_NORMAL));
    return this;
  }

  PackedFiles symbolicLink(String name, String to) {
    members.add(new Member(name, new byte[0], to, TarConstants.LF_SYMLINK));
    return this;
  }

  PackedFiles hardLink(String name, String to) {
    members.add(new Member(name, new byte[0], to, TarConstants.LF_LINK));
    return this;
  }

  byte[] pack(ArchiveFormat format) {
    try {
      return switch (format) {
        case TAR_GZ -> tarGz();
        case ZIP -> zip();
      };
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private byte[] tarGz() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Member member : members) {
        var entry = new TarArchiveEntry(member.name(), member.linkType(), true);
        entry.setLinkName(member.link());
        entry.setSize(member.content().length);
        tar.putArchiveEntry(entry);
        tar.write(member.content());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private byte[] zip() throws IOException {
    var channel = new SeekableInMemoryByteChannel();
    try (var zip = new ZipArchiveOutputStream(channel)) {
      for (Member member : members) {
        var entry = new ZipArchiveEntry(member.name());
        if (!member.link().isEmpty()) {
          entry.setUnixMode(0120777);
        }
        zip.putArchiveEntry(entry);
        zip.write(
            member.link().isEmpty()
                ? member.content()
                : member.link().getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
      }
    }
    byte[] all = new byte[(int) channel.size()];
    System.arraycopy(channel.array(), 0, all, 0, all.length);
    return all;
  }
}
