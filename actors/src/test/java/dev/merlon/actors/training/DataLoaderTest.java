package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import dev.merlon.config.data.AugmentSettings;
import dev.merlon.config.data.PaddingMode;
import dev.merlon.config.network.ImageForm;
import dev.merlon.model.data.Augmentation;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.RunImages;
import dev.merlon.model.data.SampleOrder;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.streams.StepContext;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DataLoaderTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Dataset DATA =
      Dataset.of(
          "seven",
          DataSplit.TRAIN,
          new ImageShape(1, 1, 1),
          7,
          new byte[] {0, 40, 80, 120, (byte) 160, (byte) 200, (byte) 240},
          new int[] {0, 1, 2, 3, 4, 5, 6});
  private static final RunImages.Training IMAGES =
      new RunImages.Training(
          DATA.digest(), DATA, Optional.empty(), Augmentation.none(DATA.shape()));
  private static final SampleOrder ORDER = SampleOrder.of(3, 7, 3);
  private final TestProbe<StatusReply<Batch>> probe = KIT.createTestProbe();
  private final ActorRef<DataLoader.Command> loader = KIT.spawn(DataLoader.create(IMAGES, ORDER));

  @AfterAll
  static void stopSystem() {
    KIT.shutdownTestKit();
  }

  @Test
  void loadBatch_anyStepInAnyOrder_dependsOnItsPlaceAlone() {
    for (int[] place : new int[][] {{1, 2}, {0, 0}, {0, 2}, {1, 0}, {0, 0}}) {
      int[] indices = ORDER.indices(new Cursor(place[0], place[1]));

      Batch batch = load(place[0], place[1]);

      assertThat(batch.labels()).containsExactly(DATA.labels(indices));
      assertThat(batch.pixels()[0]).isEqualTo(DATA.image(indices[0])[0]);
      assertThat(batch.cursor()).isEqualTo(new Cursor(place[0], place[1]));
      assertThat(batch.globalStep()).isEqualTo(3L * place[0] + place[1]);
    }
  }

  @Test
  void loadBatch_augmentedAndClean_givesTheImagesOfItsPlace() {
    ImageShape shape = new ImageShape(1, 2, 3);
    Dataset data =
        Dataset.of(
            "two",
            DataSplit.TRAIN,
            shape,
            2,
            new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
            new int[] {0, 1});
    Augmentation changes =
        new Augmentation(new AugmentSettings(true, true, 1, PaddingMode.ZERO), 9, shape, shape);
    SampleOrder order = SampleOrder.of(9, 2, 2);
    ActorRef<DataLoader.Command> augmenting =
        KIT.spawn(
            DataLoader.create(
                new RunImages.Training(data.digest(), data, Optional.empty(), changes), order));

    augmenting.tell(
        new DataLoader.LoadBatch(
            new StepContext("run", 4, 0, 4, 1), ImageForm.AUGMENTED, probe.getRef()));
    Batch batch = probe.receiveMessage().getValue();

    Cursor cursor = new Cursor(4, 0);
    assertThat(batch.pixels())
        .containsExactly(changes.batch(data, cursor, 4, order.indices(cursor)).pixels())
        .isNotEqualTo(Batch.of(data, cursor, 4, order.indices(cursor)).pixels());

    augmenting.tell(
        new DataLoader.LoadBatch(
            new StepContext("run", 4, 0, 4, 1), ImageForm.CLEAN, probe.getRef()));
    assertThat(probe.receiveMessage().getValue().pixels())
        .containsExactly(Batch.of(data, cursor, 4, order.indices(cursor)).pixels());
  }

  @Test
  void loadBatch_lastOfTheEpoch_isTheSmallRest() {
    assertThat(load(0, 2).size()).isEqualTo(1);
  }

  private Batch load(int epoch, int step) {
    StepContext context = new StepContext("run", epoch, step, 3L * epoch + step, 1);
    loader.tell(new DataLoader.LoadBatch(context, ImageForm.AUGMENTED, probe.getRef()));
    return probe.receiveMessage().getValue();
  }
}
