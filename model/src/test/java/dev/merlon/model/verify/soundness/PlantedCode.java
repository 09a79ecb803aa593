package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The project's classes once more, some of them compiled from changed sources. Libraries, and with
 * them everything native, are shared with the unchanged ones.
 */
final class PlantedCode extends ClassLoader {
  private static final String OURS = "dev.merlon.";
  private static final Path SOURCES = Path.of("src/main/java/dev/merlon/model");

  private final Path compiled;

  private PlantedCode(Path compiled) {
    super(PlantedCode.class.getClassLoader());
    this.compiled = compiled;
  }

  /**
   * The classes with a bug.
   *
   * @param folder an empty one to compile in
   */
  static PlantedCode with(PlantedBug bug, Path folder) throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (PlantedBug.Edit edit : bug.edits()) {
      String path = edit.type() + ".java";
      String source =
          sources.containsKey(path)
              ? Optional.ofNullable(sources.get(path)).orElseThrow()
              : Files.readString(SOURCES.resolve(path));
      assertThat(source)
          .as("%s is no longer what %s is planted in", path, bug)
          .containsOnlyOnce(edit.good());
      sources.put(path, source.replace(edit.good(), edit.bad()));
    }
    compile(sources, folder);
    return new PlantedCode(folder);
  }

  private static void compile(Map<String, String> sources, Path folder) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", folder.toString(), "-cp"));
    arguments.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = folder.resolve("source").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler).as("these tests need a JDK").isNotNull();
    assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
  }

  /**
   * What a function of the tests gives in these classes.
   *
   * @param type has a public constructor without parameters
   */
  @SuppressWarnings("unchecked")
  String call(Class<? extends Function<String, String>> type, String argument)
      throws ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(this);
    try {
      Class<?> changed = loadClass(type.getName());
      assertThat(changed).isNotSameAs(type);
      Object function = changed.getConstructor().newInstance();
      return ((Function<String, String>) function).apply(argument);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defined(name);
    }
  }

  private Class<?> defined(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    Path changed = compiled.resolve(path);
    try (InputStream original =
        Optional.ofNullable(getParent().getResourceAsStream(path))
            .orElseThrow(() -> new ClassNotFoundException(name))) {
      byte[] code = Files.exists(changed) ? Files.readAllBytes(changed) : original.readAllBytes();
      return defineClass(name, code, 0, code.length);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
