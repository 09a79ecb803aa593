package dev.merlon.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher decides, with a Java and a Maven that only say how they were called. */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "merlon").toAbsolutePath().normalize();

  private static final String SAY_HOW =
      """
      #!/bin/bash
      for argument in "$@"; do echo "argument $argument"; done
      echo "characters $LC_ALL"
      echo "threads $OMP_NUM_THREADS"
      [ "${*: -1}" != fail ] || exit 4
      """;

  // Makes what a build makes, and says with what options.
  private static final String BUILD =
      """
      #!/bin/bash
      for argument in "$@"; do echo "option $argument"; done >> maven.log
      [ ! -e broken ] || { echo '[ERROR] Could not fetch it -> [Help 1]'; exit 1; }
      mkdir -p actors/target/launcher
      touch actors/target/launcher/merlon-actors-1.jar
      printf '%s' "$PWD/some library.jar" > actors/target/launcher/runtime.classpath
      touch "some library.jar"
      """;

  @TempDir private Path folder;
  private Path jdk;
  private Path bin;
  private Path home;

  @BeforeEach
  void makeMachine() throws IOException {
    home = Files.createDirectory(folder.resolve("my home"));
    bin = Files.createDirectory(folder.resolve("tools"));
    jdk = folder.resolve("a jdk");
    script(Files.createDirectories(jdk.resolve("bin")).resolve("java"), SAY_HOW);
    script(jdk.resolve("bin/javac"), "#!/bin/bash\n");
    release("17.0.1");
  }

  @Test
  void distribution_folderWithSpacesAndUmlauts_startsItsJars() throws Exception {
    Path root = distribution();

    Started started = start(root.resolve("bin/merlon"), Map.of(), "certify", "a b", "ü");

    assertThat(started.err()).isEmpty();
    assertThat(started.code()).isZero();
    assertThat(started.out())
        .contains(
            "argument -cp\nargument " + root + "/lib/*\nargument dev.merlon.actors.cli.Main\n")
        .contains("argument certify\nargument a b\nargument ü\n")
        .contains("argument -Duser.home=" + home + "\n");
  }

  @Test
  void start_folderThatNoClassPathCanName_isRefused() throws Exception {
    Path launcher = Files.createDirectories(folder.resolve("a:b/bin")).resolve("merlon");
    Files.copy(LAUNCHER, launcher);

    Started started = start(launcher, Map.of(), "doctor");

    assertThat(started.code()).isEqualTo(2);
    assertThat(started.err()).contains("a:b", "has a colon");
  }

  @Test
  void start_exitCodeOfTheProgram_isItsOwn() throws Exception {
    assertThat(start(distribution().resolve("bin/merlon"), Map.of(), "fail").code()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "xx_XX.missing"})
  void start_localeWithoutCharacters_isGivenSome(String locale) throws Exception {
    assertThat(start(distribution().resolve("bin/merlon"), Map.of("LC_ALL", locale)).out())
        .contains("characters C.UTF-8\n");
  }

  @Test
  void start_systemWithoutAnyCharacters_saysWhatToSetOnlyForSuchNames() throws Exception {
    script(bin.resolve("locale"), "#!/bin/bash\necho ANSI_X3.4-1968\n");
    Path plain = Files.createDirectories(folder.resolve("plain/bin")).resolve("merlon");
    Files.createDirectory(folder.resolve("plain/lib"));
    Files.copy(LAUNCHER, plain);

    Started refused = start(distribution().resolve("bin/merlon"), Map.of());

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err().lines()).hasSize(1);
    assertThat(refused.err()).contains("ümläut", "set LC_ALL");
    assertThat(start(plain, Map.of(), "doctor").code()).isZero();
    assertThat(start(plain, Map.of(), "ü").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "MERLON_HEAP, 4x, it must be a size",
    "MERLON_HEAP, g, it must be a size",
    "MERLON_THREADS, 0, it must be a whole number",
    "MERLON_THREADS, two, it must be a whole number",
    "JAVA_HOME, /nowhere, which has no bin/java"
  })
  void start_wrongVariable_isNamedInOneLine(String name, String value, String reason)
      throws Exception {
    Started started = start(distribution().resolve("bin/merlon"), Map.of(name, value));

    assertThat(started.code()).isEqualTo(2);
    assertThat(started.out()).isEmpty();
    assertThat(started.err().lines()).hasSize(1);
    assertThat(started.err()).startsWith("merlon: ").contains(name, value, reason);
  }

  @Test
  void start_rightVariables_reachTheProgram() throws Exception {
    Map<String, String> set =
        Map.of("MERLON_HEAP", "3g", "MERLON_THREADS", "5", "MERLON_JAVA_OPTS", "-Da=b -Dc=d");

    assertThat(start(distribution().resolve("bin/merlon"), set).out())
        .contains("argument -Xmx3g\n", "threads 5\n", "argument -Da=b\nargument -Dc=d\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.0.2", "1.8.0_292", "16"})
  void start_oldJava_isRefused(String version) throws Exception {
    release(version);

    Started started = start(distribution().resolve("bin/merlon"), Map.of());

    assertThat(started.code()).isEqualTo(2);
    assertThat(started.err()).contains("set JAVA_HOME to a JDK 17 or newer");
  }

  @Test
  void checkout_folderWithSpacesAndUmlauts_isBuiltOnceAndAfterChanges() throws Exception {
    Path root = checkout();
    Path launcher = root.resolve("merlon");

    Started first = start(launcher, Map.of(), "doctor");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.err()).contains("merlon: built in ");
    Path kept = root.resolve(".merlon/app").resolve(current(root));
    assertThat(first.out())
        .contains("argument " + kept + "/merlon-actors-1.jar:" + kept + "/some library.jar\n");
    assertThat(start(launcher, Map.of(), "doctor").err()).isEmpty();

    Files.setLastModifiedTime(
        root.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(start(launcher, Map.of(), "doctor").err()).contains("merlon: built in ");
  }

  @Test
  void checkout_buildFails_saysTheFirstReason() throws Exception {
    Path root = checkout();
    Files.createFile(root.resolve("broken"));

    Started started = start(root.resolve("merlon"), Map.of(), "doctor");

    assertThat(started.code()).isEqualTo(3);
    assertThat(started.out()).isEmpty();
    assertThat(started.err())
        .contains("the build failed: Could not fetch it (log: " + root + "/.merlon/build.log)");
  }

  @Test
  void maven_listedUserWithAHome_isLeftAlone() throws Exception {
    assertThat(options(home.toString(), Map.of())).containsExactly("verify");
  }

  @Test
  void maven_homeThatCannotBeWritten_keepsItsLibrariesInTheCheckout() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(options(file.toString(), Map.of()))
        .containsExactly(
            "-Dmaven.repo.local=" + checkoutFolder() + "/.merlon/repository", "verify");
    assertThat(options(file.toString(), Map.of("MAVEN_OPTS", "-Dmaven.repo.local=/elsewhere")))
        .containsExactly("verify");
  }

  @Test
  void maven_userThatIsNotListed_usesHomeAndItsSettings() throws Exception {
    Path settings = Files.createDirectory(home.resolve(".m2")).resolve("settings.xml");
    Files.createFile(settings);

    assertThat(options("/", Map.of()))
        .containsExactly(
            "-Duser.home=" + home,
            "-Dmaven.repo.local=" + home + "/.m2/repository",
            "-s",
            settings.toString(),
            "verify");
  }

  /** The options that Maven gets in a checkout of a user with this home in the list of users. */
  private List<String> options(String listed, Map<String, String> set) throws Exception {
    Path root = checkout();
    Files.deleteIfExists(root.resolve("maven.log"));
    Path caller =
        script(
            folder.resolve("caller"),
            """
            #!/bin/bash
            cd "$1" && root=$PWD && . ./merlon
            home_of_user() { printf '%%s' '%s'; }
            maven verify
            """
                .formatted(listed));
    Started started = start(caller, set, root.toString());
    assertThat(started.code()).as(started.err()).isZero();
    assertThat(started.out()).as("sourcing starts nothing").isEmpty();
    return Files.readAllLines(root.resolve("maven.log")).stream()
        .map(line -> line.substring("option ".length()))
        .toList();
  }

  private static String current(Path root) throws IOException {
    return Files.readString(root.resolve(".merlon/current")).strip();
  }

  private Path distribution() throws IOException {
    Path root = folder.resolve("with space/ümläut's #1 50%/merlon");
    Files.createDirectories(root.resolve("lib"));
    Path launcher = Files.createDirectories(root.resolve("bin")).resolve("merlon");
    if (Files.notExists(launcher)) {
      Files.copy(LAUNCHER, launcher);
    }
    return root;
  }

  private Path checkoutFolder() {
    return folder.resolve("with space/ümläut's #1 50%/sources");
  }

  private Path checkout() throws IOException {
    Path root = Files.createDirectories(checkoutFolder());
    if (Files.notExists(root.resolve("merlon"))) {
      Files.copy(LAUNCHER, root.resolve("merlon"));
      Files.createFile(root.resolve("pom.xml"));
      script(bin.resolve("mvn"), BUILD);
    }
    return root;
  }

  private void release(String version) throws IOException {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private Started start(Path program, Map<String, String> set, String... arguments)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder("bash", program.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().keySet().removeIf(name -> name.matches("(MERLON|MAVEN|LC|OMP)_.*"));
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("HOME", home.toString());
    builder.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
    builder.environment().putAll(set);
    builder.directory(folder.toFile()); // The tests may lie in a folder of any name.
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    int code = builder.start().waitFor();
    return new Started(code, Files.readString(out), Files.readString(err));
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /**
   * A start that has ended.
   *
   * @param code exit code
   * @param out what went to standard output
   * @param err what went to standard error
   */
  private record Started(int code, String out, String err) {}
}
