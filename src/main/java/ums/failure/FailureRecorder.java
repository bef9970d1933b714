package ums.failure;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import ums.message.LastError;
import ums.message.MessageEvents.AttemptSettled;

/** Writes an open failure for each attempt that leaves something to a person, in the transaction that settles it. */
@Component
class FailureRecorder {

    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    private final FailureRepository failures;

    FailureRecorder(FailureRepository failures) {
        this.failures = failures;
    }

    /** Not after the commit: a crash between the two would leave a message that nobody ever looks at. */
    @EventListener
    void onSettled(AttemptSettled settled) {
        LastError error = settled.toHandle();
        if (error != null) {
            failures.write(ids.generate(), settled, error);
        }
    }
}
