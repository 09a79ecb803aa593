package dev.merlon.config.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFolderTest {
  private static final int STRANGER = 54321;

  @TempDir private Path folder;

  @Test
  void make_newFolder_isForItsOwnerAlone() throws IOException {
    Path made = PrivateFolder.make(folder.resolve("a/b/native"));

    assertThat(permissions(made)).isEqualTo("rwx------");
    assertThat(PrivateFolder.make(made)).isEqualTo(made);
  }

  @Test
  void make_folderThatOthersMayRead_isTaken() throws IOException {
    Path made = PrivateFolder.make(folder.resolve("native"));
    allow(made, "rwxr-xr-x");

    assertThat(PrivateFolder.make(made)).isEqualTo(made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwx-w----", "rwx----w-", "rwxrwxrwx"})
  void make_folderThatOthersMayWrite_isRefused(String permissions) throws IOException {
    Path made = PrivateFolder.make(folder.resolve("native"));
    allow(made, permissions);

    assertRefused(made, "others may write there");
  }

  @Test
  void make_link_isRefused() throws IOException {
    Path target = PrivateFolder.make(folder.resolve("target"));
    Path link = Files.createSymbolicLink(folder.resolve("native"), target);

    assertRefused(link, "it is a link");
  }

  @Test
  void make_belowAFolderThatEverybodyMayWrite_isRefusedUnlessSticky() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Path made = PrivateFolder.make(open.resolve("mine/native"));
    allow(open, "rwxrwxrwx");

    assertRefused(made, "everybody may write to " + open.toRealPath() + " above it");
    Files.setAttribute(open, "unix:mode", 01777);
    assertThat(PrivateFolder.make(made)).isEqualTo(made);
  }

  @Test
  void make_linkAbove_isJudgedByWhereItLeads() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    allow(open, "rwxrwxrwx");
    Path link = Files.createSymbolicLink(folder.resolve("link"), open);

    assertRefused(link.resolve("native"), "everybody may write to " + open.toRealPath());
  }

  @Test
  void objection_foldersOfAnotherUser_isThat() throws IOException {
    Path above = Files.createDirectory(folder.resolve("above")).toRealPath();
    Path made = PrivateFolder.make(above.resolve("native"));
    int me = ProcessOwner.number();

    assertThat(PrivateFolder.objection(made, me)).isEmpty();
    // Root is trusted, but may give files away; to everybody else a folder of theirs is a
    // stranger's.
    if (me == 0) {
      Files.setAttribute(above, "unix:uid", STRANGER);
      assertThat(PrivateFolder.objection(made, me))
          .contains(above + " above it belongs to another user");
      Files.setAttribute(made, "unix:uid", STRANGER);
    }
    assertThat(PrivateFolder.objection(made, STRANGER + 1)).contains("it belongs to another user");
  }

  @Test
  void make_belowAFile_saysThatInOneLine() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> PrivateFolder.make(file.resolve("native")))
        .isInstanceOfSatisfying(
            MerlonException.class,
            thrown -> assertThat(thrown.failure().remedy()).contains("MERLON_HOME"))
        .hasMessageStartingWith("The folder " + file.resolve("native") + " cannot be made: ");
  }

  private static void assertRefused(Path folder, String objection) {
    assertThatThrownBy(() -> PrivateFolder.make(folder))
        .isInstanceOf(MerlonException.class)
        .hasMessageStartingWith("Nothing is loaded from ")
        .hasMessageContaining(objection);
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
