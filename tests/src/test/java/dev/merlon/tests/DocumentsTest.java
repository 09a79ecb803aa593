package dev.merlon.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What documents say of the sources is true. */
class DocumentsTest {
  private static final Pattern QUOTED = Pattern.compile("`([A-Za-z.]+)`");

  @Test
  void architecture_listsEveryPackage() throws IOException {
    String text = Files.readString(checkout().resolve("docs/architecture.md"));
    Set<String> packages = new TreeSet<>();
    for (Path file : sources("package-info.java")) {
      String name = Pattern.compile("[/\\\\]").matcher(file.toString()).replaceAll(".");
      packages.add(name.replaceAll("^.*\\.java\\.dev\\.merlon\\.|\\.package-info\\.java$", ""));
    }

    assertThat(packages).hasSizeGreaterThan(30);
    assertThat(packages).allSatisfy(name -> assertThat(text).contains("`" + name + "`"));
  }

  @Test
  void whereDoIFind_namesClassesThatAreThere() throws IOException {
    String text = Files.readString(checkout().resolve("docs/development.md"));
    String table = text.substring(text.indexOf("## Where do I find"), text.indexOf("## Tests"));
    Set<String> classes =
        sources(".java").stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());

    List<String> named = QUOTED.matcher(table).results().map(found -> found.group(1)).toList();

    assertThat(named).hasSizeGreaterThan(40);
    assertThat(named).filteredOn(name -> Character.isUpperCase(name.charAt(0))).isSubsetOf(classes);
  }

  private static List<Path> sources(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(checkout())) {
      return files
          .filter(file -> file.toString().contains("/src/main/java/"))
          .filter(file -> file.toString().endsWith(ending))
          .toList();
    }
  }

  /** The root of the sources. */
  static Path checkout() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("docs/architecture.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
