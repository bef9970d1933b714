package ums;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTest {

    @Test
    void packagesDependDownwardsOnly() {
        ApplicationModules.of(UmsApplication.class).verify();
    }
}
