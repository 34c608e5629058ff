from django.urls import path

from ..views import reviews, reviews_own, reviews_samples

urlpatterns = [
    path("review/<int:pk>/", reviews_own.review, name="review"),
    path("review/<int:pk>/save/", reviews_own.save, name="review_save"),
    path("review/<int:pk>/conflict/", reviews_own.conflict, name="review_conflict"),
    path("review/<int:pk>/files/<int:number>/", reviews_own.attachment, name="review_file"),
    path("<slug:slug>/review/", reviews_own.reviews, name="review_list"),
    path("<slug:slug>/review/samples/", reviews_own.samples, name="review_samples"),
    path("<slug:slug>/reviews/", reviews.reviews, name="reviews"),
    path("<slug:slug>/reviews/share-out/", reviews.share_out, name="reviews_share_out"),
    path("<slug:slug>/reviews/remind/", reviews.remind, name="reviews_remind"),
    path("<slug:slug>/reviews/agreement/", reviews.agreement, name="reviews_agreement"),
    path("<slug:slug>/reviews/ask/<int:pk>/", reviews.ask, name="review_ask"),
    path("<slug:slug>/reviews/<int:pk>/take-away/", reviews.take_away, name="review_take_away"),
    path("<slug:slug>/reviews/samples/", reviews_samples.samples, name="samples"),
    path("<slug:slug>/reviews/samples/new/", reviews_samples.new, name="sample_new"),
    path("<slug:slug>/reviews/samples/<int:pk>/remove/", reviews_samples.remove, name="sample_remove"),
]
