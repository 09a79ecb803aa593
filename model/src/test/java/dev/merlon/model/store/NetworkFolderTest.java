package dev.merlon.model.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkFolderTest {
  @TempDir private Path folder;

  @Test
  void network_typesOfOtherMachines_areNamed() {
    for (String type : List.of("nfs4", "NFS", "cifs", "smb3", "9p", "fuse.sshfs", "lustre")) {
      assertThat(NetworkFolder.network(type)).hasValue(type);
    }
  }

  @Test
  void network_typesOfThisMachine_areNot() {
    for (String type : List.of("ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuseblk", "apfs")) {
      assertThat(NetworkFolder.network(type)).isEmpty();
    }
  }

  @Test
  void type_temporaryFolder_isLocal() throws IOException {
    assertThat(NetworkFolder.type(folder)).isEmpty();
  }
}
