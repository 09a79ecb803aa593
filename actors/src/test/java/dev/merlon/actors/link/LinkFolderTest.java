package dev.merlon.actors.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkFolderTest {
  @TempDir private Path parent;

  @Test
  void make_folder_isTheOwnersAloneAndGoneWhenClosed() throws Exception {
    LinkFolder folder = LinkFolder.makeIn(parent);
    Path made = folder.next().getParent();
    Files.writeString(folder.next(), "left");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");

    folder.close();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void make_whatAKilledProcessLeft_isRemovedAndWhatIsHeldStays() throws Exception {
    Path left = Files.createDirectory(parent.resolve("merlon-link-77"));
    Files.writeString(left.resolve("lock"), "");
    Files.writeString(left.resolve("1"), "");
    Path young = Files.createDirectory(parent.resolve("merlon-link-78"));
    Path foreign = Files.createDirectory(parent.resolve("other"));
    try (LinkFolder held = LinkFolder.makeIn(parent);
        LinkFolder second = LinkFolder.makeIn(parent);
        Stream<Path> there = Files.list(parent)) {

      assertThat(there)
          .containsExactlyInAnyOrder(
              young, foreign, held.next().getParent(), second.next().getParent());
    }
  }

  @Test
  void make_nameTooLongForASocket_refusedAndNothingLeft() throws Exception {
    Path longer = Files.createDirectory(parent.resolve("n".repeat(100)));

    assertThatThrownBy(() -> LinkFolder.makeIn(longer))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long");

    assertThat(longer).isEmptyDirectory();
  }
}
