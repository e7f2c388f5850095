// Room BytePipeline.
