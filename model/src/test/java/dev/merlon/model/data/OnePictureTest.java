package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnePictureTest {
  @TempDir private Path home;

  @Test
  void read_greyWhereThreeChannelsAreTaken_repeatsThem() {
    Path file = PictureFixture.write(home.resolve("grey.png"), PictureFixture.grey(1, 4, 5));

    Dataset repeated = OnePicture.read(file, 2, 10, shape -> shape.channels() == 3);
    Dataset grey = OnePicture.read(file, 2, 10, shape -> true);

    assertThat(repeated.shape()).isEqualTo(new ImageShape(3, 4, 5));
    assertThat(repeated.image(0)).startsWith(grey.image(0)).endsWith(grey.image(0));
    assertThat(grey.shape()).isEqualTo(new ImageShape(1, 4, 5));
    assertThat(grey.label(0)).isEqualTo(2);
  }

  @Test
  void read_colouredWhereNothingIsTaken_isAsItIs() {
    Path file = PictureFixture.write(home.resolve("c.png"), PictureFixture.coloured(1, 4, 5));

    Dataset picture = OnePicture.read(file, 0, 10, shape -> false);

    assertThat(picture.shape()).isEqualTo(new ImageShape(3, 4, 5));
    assertThat(picture.name()).isEqualTo("c.png");
  }
}
