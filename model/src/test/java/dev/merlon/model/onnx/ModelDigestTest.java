package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDigestTest {
  private static final byte[] FILE = "a graph".getBytes(StandardCharsets.UTF_8);
  private static final List<ModelDigest.Part> PARTS =
      List.of(part("net.onnx.data", 0, 4), part("net.onnx.data", 4, 6), part("more/b.bin", 1, 2));

  @TempDir private Path home;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    folder = Files.createDirectories(home.resolve("model"));
    Files.createDirectory(folder.resolve("more"));
    Files.writeString(folder.resolve("net.onnx.data"), "0123456789");
    Files.writeString(folder.resolve("more/b.bin"), "abc");
    Files.writeString(home.resolve("outside"), "0123456789");
  }

  @Test
  void of_fileWithoutParts_isThatOfTheFile() {
    assertThat(ModelDigest.of(FILE)).isEqualTo(DigestUtils.sha256Hex(FILE));
    assertThat(of(List.of())).isEqualTo(ModelDigest.of(FILE));
  }

  // The form that stores on disks have: it does not change.
  @Test
  void of_parts_isThatOfTheListInItsCanonicalForm() {
    StringBuilder list = new StringBuilder();
    for (String text :
        List.of(
            "merlon-model-1",
            DigestUtils.sha256Hex(FILE),
            "more/b.bin",
            "1",
            "2",
            DigestUtils.sha256Hex("bc"),
            "net.onnx.data",
            "0",
            "4",
            DigestUtils.sha256Hex("0123"),
            "net.onnx.data",
            "4",
            "6",
            DigestUtils.sha256Hex("456789"))) {
      list.append("\0\0\0").append((char) text.length()).append(text);
    }

    assertThat(of(PARTS)).isEqualTo(DigestUtils.sha256Hex(list.toString()));
  }

  @Test
  void of_partsInAnotherOrderOrTwiceOrSpeltOtherwise_isTheSame() {
    List<ModelDigest.Part> others = new ArrayList<>(PARTS);
    Collections.reverse(others);
    others.add(part("./more/../net.onnx.data", 4, 6));

    assertThat(of(others)).isEqualTo(of(PARTS));
  }

  @Test
  void of_anythingThatChanged_isAnother() throws IOException {
    Set<String> digests = new HashSet<>();
    digests.add(ModelDigest.of(FILE));
    digests.add(of(PARTS));
    digests.add(ModelDigest.of("A graph".getBytes(StandardCharsets.UTF_8), folder, PARTS));
    digests.add(of(PARTS.subList(0, 2)));
    digests.add(of(List.of(PARTS.get(0), PARTS.get(1), part("more/b.bin", 0, 2))));
    digests.add(of(List.of(PARTS.get(0), PARTS.get(1), part("more/b.bin", 1, 1))));
    Files.move(folder.resolve("more/b.bin"), folder.resolve("more/c.bin"));
    digests.add(of(List.of(PARTS.get(0), PARTS.get(1), part("more/c.bin", 1, 2))));
    Files.writeString(folder.resolve("more/b.bin"), "abC");
    digests.add(of(PARTS));

    assertThat(digests).hasSize(8);
  }

  @Test
  void of_byteChangedInAnyPlaceOfAPart_isAnother() throws IOException {
    String before = of(PARTS);
    for (int place = 0; place < 10; place++) {
      byte[] bytes = "0123456789".getBytes(StandardCharsets.UTF_8);
      bytes[place] ^= 1;
      Files.write(folder.resolve("net.onnx.data"), bytes);
      assertThat(of(PARTS)).as("byte %s", place).isNotEqualTo(before);
    }
    Files.writeString(folder.resolve("net.onnx.data"), "0123456789 and what no part holds");
    assertThat(of(PARTS)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "net.onnx.data, 5, 6, ends beyond its file",
    "net.onnx.data, 11, 0, ends beyond its file",
    "net.onnx.data, -1, 4, ends beyond its file",
    "net.onnx.data, 4, -1, ends beyond its file",
    "net.onnx.data, 1, 9223372036854775807, ends beyond its file",
    "nowhere.bin, 0, 1, cannot be read",
    "more, 0, 1, cannot be read",
    "../outside, 0, 4, lies outside the folder",
    "more/../../outside, 0, 4, lies outside the folder",
    "/etc/passwd, 0, 4, lies outside the folder",
    "link, 0, 4, lies outside the folder",
  })
  void of_partThatIsNotThere_isRefusedInOneLine(
      String location, long offset, long length, String why) throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), home.resolve("outside"));

    assertThatThrownBy(() -> of(List.of(PARTS.get(0), part(location, offset, length))))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("'" + location.replace("more/../", "") + "'")
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }

  private String of(List<ModelDigest.Part> parts) {
    return ModelDigest.of(FILE, folder, parts);
  }

  private static ModelDigest.Part part(String location, long offset, long length) {
    return new ModelDigest.Part(location, offset, length);
  }
}
