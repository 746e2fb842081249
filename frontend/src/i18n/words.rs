//! Words and sentences that never vary.

macro_rules! words {
    ($($name:ident = $english:literal;)*) => {
        $(pub const fn $name() -> &'static str { $english })*
    };
}
pub(super) use words;

// Everywhere.
words! {
    name_of_pupil = "Pupil";
    loading = "Loading…";
    one_moment = "One moment…";
    try_again = "Try again";
    close = "Close";
    cancel = "Cancel";
    undo = "Undo";
    stop = "Stop";
    delete = "Delete";
    clear = "Clear";
    all = "All";
    show_more = "Show more";
    stopped = "Stopped.";
    server_gone = "Pupil's server does not answer. Check your connection; nothing you saved is lost.";
    not_found = "There is nothing here";
    not_found_text = "The address may be mistyped, or what was here has been deleted.";
    to_my_pictures = "To my pictures";
}

// The header.
words! {
    steps = "Steps";
    step_label = "Label";
    step_train = "Train";
    step_predict = "Predict";
    no_pictures_yet = "no pictures yet";
    not_trained_yet = "not yet";
    needs_training = "after training";
    ready = "ready";
    waiting = "Waiting to begin";
    checking = "checking";
    train = "Train";
    train_again = "Train again";
    training = "Training…";
    no_weights = "This server can store and label pictures, but not train or predict yet.";
}

// Label.
words! {
    labels = "Labels";
    add_label = "Add a label, press Enter";
    no_labels_yet = "Labels are what you want told apart: cat and dog, ripe and unripe.";
    no_label = "No label";
    choose_label = "Choose a label";
    delete_label = "Delete label";
    keys_help = "label the selected pictures. Click pictures to select them, with Shift for a range.";
    pictures_heading = "Pictures";
    drop_here = "Drop pictures or a folder here";
    drop_help = "A folder's name becomes its label. JPEG, PNG, WebP, GIF, BMP and TIFF.";
    choose_files = "Choose files";
    choose_folder = "Choose a folder";
    not_a_picture = "This is not a picture.";
    not_taken = "It could not be taken.";
    upload = "Upload";
    refused_files = "Files that were not taken";
    show_which = "Which pictures to show";
    not_labelled = "Not labelled";
    label_selected = "Label of the selected pictures";
    label_as = "Label as…";
    select_all = "Select all";
    clear_selection = "Clear selection";
    no_pictures = "No pictures yet";
    no_pictures_help = "Drop some above, or choose files. Thirty per label are a good start.";
    all_labelled = "Every picture has a label";
    all_labelled_help = "Add more pictures, or press Train.";
    no_pictures_here = "No picture has this label";
    no_pictures_here_help = "Choose it below a picture, or select pictures and press its number.";
}

// Train.
words! {
    nothing_trained = "Nothing trained yet";
    ready_to_train = "Ready to train";
    ready_to_train_help = "Pupil learns from the pictures that you have labelled. It takes about a second.";
    nothing_trained_help = "Give at least two labels some pictures each, then press Train. It takes about a second.";
    to_label = "Label pictures";
    to_train = "Go to Train";
    waiting_help = "Another run is being worked on. This one begins right after it.";
    phase_embedding = "Looking at new pictures";
    phase_training = "Learning";
    phase_evaluating = "Checking on pictures it has not seen";
    evaluating_help = "So that the number can be believed.";
    so_far = "so far";
    stopping = "Stopping…";
    run_interrupted = "The connection is interrupted. Training goes on; this page catches up by itself.";
    training_failed = "Training did not succeed";
    failed_without_reason = "The server gave no reason. Press Train again; if it fails again, ask whoever runs Pupil.";
    training_cancelled_help = "Nothing was lost. Train again whenever you like.";
    try_on_new_picture = "Try it on a new picture";
    how_learning_went = "How learning went";
    learned_from = "pictures it learned from";
    not_seen = "pictures it had not seen";
    accuracy_percent = "Accuracy, %";
    accuracy = "Accuracy";
    loss = "Loss";
    unseen_loss = "Unseen loss";
    unseen_accuracy = "Unseen accuracy";
    time = "Time";
    epochs = "Epochs";
    epoch_zero = "epoch 0";
    versions = "Versions";
    surest_first = "Surest first";
    all_pictures = "All pictures";
    no_mistakes = "Nothing looks wrong";
    no_mistakes_help = "The model agrees with every label. More pictures of each kind make it surer.";
    mistakes_done = "You have been through all of them";
    mistakes_done_help = "Train again, and the model learns from what you changed.";
    you_said = "You said";
    keep = "It is right";
    kept = "Right as it is: off the list";
    keep_help = "The label is right: take this picture off the list, for good";
    learned_this_one = "It learned from this one";
}

// Predict.
words! {
    no_model = "There is no model to ask yet";
    no_model_help = "Label some pictures, press Train, and come back with new ones.";
    no_model_training = "It is being trained right now. This page changes when it is ready.";
    drop_to_ask = "Drop a picture to ask about";
    ask_about_more = "Ask about more pictures";
    drop_to_ask_help = "One or many, or a folder. Nothing is stored.";
    asked_pictures = "Pictures you asked about";
    pupil_says = "Pupil says";
    pupil_looks = "Pupil is looking";
    pupil_cannot_say = "Pupil can't say";
    no_answer = "The server gave no answer for this picture.";
    is_sure = "It is sure.";
    is_not_sure = "Not sure: unlike what it learned, or between labels. Better look yourself.";
    probabilities = "How likely each label is";
    really_is = "It really is";
    right = "Right";
    wrong = "Wrong";
    use_elsewhere = "Use it elsewhere";
    copy = "Copy";
    copied = "Copied.";
    not_copied = "The browser did not allow copying. Select the text instead.";
}
